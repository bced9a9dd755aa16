import { mockServices } from '@backstage/backend-test-utils';
import {
  DEFAULT_PROFILE,
  KubernetesObject,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { systemClock } from './clock';
import { endpointFromSettings } from './endpoint';
import { eventually } from './eventually';
import { FakeCache } from './FakeCache';
import { HttpTransport } from './HttpTransport';
import { KINDS } from './kinds';
import { profileDifferences } from './profileDifferences';
import { ProfileReader, toldDefinitions } from './ProfileReader';
import { readProfile } from './readProfile';
import {
  answerJson,
  answerStatus,
  ScriptedApiServer,
} from './ScriptedApiServer';

const ISTIO = '/api/v1/namespaces/istio-system/configmaps/istio';
const CILIUM = '/api/v1/namespaces/kube-system/configmaps/cilium-config';

function aDefinition(group: string, plural: string): KubernetesObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: { group, names: { plural } },
    status: { conditions: [{ type: 'Established', status: 'True' }] },
  };
}

describe('how a cluster is set up', () => {
  let server: ScriptedApiServer;
  let transport: HttpTransport;
  let answers: Record<string, unknown>;

  beforeEach(async () => {
    server = await ScriptedApiServer.start();
    transport = new HttpTransport(endpointFromSettings({ url: server.url }));
    answers = { '/version': { gitVersion: 'v1.34.1' } };
    server.always((request, response) => {
      const answer = answers[request.url.pathname];
      if (answer === undefined) {
        return false;
      }
      return typeof answer === 'number'
        ? answerStatus(response, answer, {})
        : answerJson(response, 200, answer);
    });
  });

  afterEach(async () => {
    await transport.close();
    await server.close();
  });

  const read = (signal = new AbortController().signal) =>
    readProfile({
      cluster: 'one',
      transport,
      rootNamespace: 'istio-system',
      signal,
    });

  it('is read off the version and the settings of the engines', async () => {
    answers[ISTIO] = {
      data: { mesh: 'trustDomain: example.org\nrootNamespace: mesh\n' },
    };
    answers[CILIUM] = {
      data: {
        'cluster-name': 'east',
        'enable-policy': 'never',
        'policy-audit-mode': 'true',
      },
    };
    expect(await read()).toEqual({
      serverVersion: 'v1.34.1',
      trustDomain: 'example.org',
      rootNamespace: 'mesh',
      clusterName: 'east',
      policyEnforcement: 'never',
      isPolicyAudited: true,
    });
  });

  it('is what the engines take by themselves where their settings are silent', async () => {
    answers[ISTIO] = { data: { mesh: 'accessLogFile: /dev/stdout\n' } };
    answers[CILIUM] = { data: {} };
    expect(await read()).toEqual({
      serverVersion: 'v1.34.1',
      trustDomain: 'cluster.local',
      rootNamespace: 'istio-system',
      clusterName: 'default',
      policyEnforcement: 'default',
      isPolicyAudited: false,
    });
  });

  it.each([
    ['is not there', undefined],
    ['must not be read', 403],
    ['is no YAML', { data: { mesh: '{' } }],
  ])('says nothing of an engine whose settings %s', async (_title, answer) => {
    answers[ISTIO] = answer;
    expect(await read()).toEqual({ serverVersion: 'v1.34.1' });
  });

  it('is not guessed while the cluster is away', async () => {
    answers['/version'] = 500;
    await expect(read()).rejects.toThrow(/HTTP 500/);
  });

  it('is read again when kinds of an engine appear, and when it could not be read', async () => {
    const definitions = new FakeCache(KINDS.CustomResourceDefinition);
    let reads = 0;
    const delays: number[] = [];
    const reader = new ProfileReader({
      definitions,
      logger: mockServices.logger.mock(),
      clock: {
        ...systemClock,
        setTimer: (callback, ms) => {
          delays.push(ms);
          return systemClock.setTimer(callback, ms > 100_000 ? ms : 1);
        },
      },
      random: () => 0.5,
      read: async () => {
        reads += 1;
        if (reads === 1) {
          throw new Error('away');
        }
        return { serverVersion: `v${reads}` };
      },
    });
    reader.start();
    expect(reader.profile).toBeUndefined();
    await eventually(() =>
      expect(reader.profile).toEqual({ serverVersion: 'v2' }),
    );
    definitions.put(aDefinition('example.com', 'widgets'));
    await eventually(() => expect(delays).toEqual([1_500, 600_000]));
    definitions.put(aDefinition('cilium.io', 'ciliumnetworkpolicies'));
    await eventually(() =>
      expect(reader.profile).toEqual({ serverVersion: 'v3' }),
    );
    expect(toldDefinitions(definitions)).toEqual([
      'ciliumnetworkpolicies.cilium.io',
    ]);
    await reader.stop();
    expect(reads).toBe(3);
  });

  it('is held against what is configured, which holds', () => {
    const engines = {
      cilium: true,
      istio: false,
      externalSecrets: false,
      isComplete: true,
    };
    expect(
      profileDifferences(
        {
          ...DEFAULT_PROFILE,
          engines: { cilium: true, istio: true },
        },
        { trustDomain: 'example.org', isPolicyAudited: true },
        engines,
      ),
    ).toEqual([
      'profile.trustDomain is cluster.local, the cluster says example.org: policies name what the profile says',
      'profile.engines.istio is true, but its kinds are not served',
      'Cilium is in audit mode: it lets everything pass and only reports',
    ]);
    expect(
      profileDifferences(
        DEFAULT_PROFILE,
        {},
        { ...engines, isComplete: false },
      ),
    ).toEqual([]);
  });
});

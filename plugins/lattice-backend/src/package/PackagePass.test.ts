import {
  KubernetesObject,
  LABEL_OWNER_UID,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { KINDS } from '../clusters/kinds';
import { ResourceKind } from '../clusters/types';
import { PackageContext } from './packageContext';
import { PackagePass } from './PackagePass';
import { readPackageObject } from './readPackageObject';

const PACKAGE: KubernetesObject = {
  apiVersion: 'lattice.dev/v1alpha1',
  kind: 'LatticePackage',
  metadata: { name: 'redis', namespace: 'data', uid: 'uid-1', generation: 1 },
  spec: {
    chart: { repo: 'oci://r.example.com/c', name: 'redis', version: '1.0.0' },
    resources: {
      login: {
        type: 'secret',
        params: { provider: 'lab', keys: ['password'] },
      },
    },
    values: { password: '${resources.login.password}' },
  },
};

/** A pass over a package whose permit is missing, with the ExternalSecrets of its plan there. */
function deniedPass(isComplete: boolean) {
  const patched: string[] = [];
  const present: KubernetesObject[] = [];
  const read = readPackageObject(PACKAGE);
  if (!read || read.problem) {
    throw new Error(JSON.stringify(read?.problem));
  }
  const context = {
    connection: {
      cache: (kind: ResourceKind) => ({
        list: () => (kind === KINDS.ExternalSecret ? present : []),
      }),
      client: {
        jsonPatch: async (_kind: ResourceKind, key: { name: string }) => {
          patched.push(key.name);
        },
      },
    },
    cedar: {
      isComplete,
      decide: () => ({
        isAllowed: false,
        reason: isComplete ? 'NoPermit' : 'PolicyError',
        policies: [],
        message: 'no',
      }),
    },
    rules: {
      secrets: { defaultStore: 'lab', defaultKey: '{namespace}/{resource}' },
    },
  } as unknown as PackageContext;
  const pass = new PackagePass(
    context,
    {
      pkg: read.pkg,
      now: new Date(),
      hasFinalizer: true,
      namespace: { isTerminating: false },
      admission: { isOpen: true, reason: 'Valid', message: '' },
    },
    new AbortController().signal,
  );
  const plan = pass.plan();
  if ('isOpen' in plan) {
    throw new Error(plan.message);
  }
  for (const { object } of plan.externalSecrets) {
    present.push({
      ...object,
      metadata: {
        ...object.metadata,
        labels: { [LABEL_OWNER_UID]: 'uid-1' },
      },
    });
  }
  return { pass, patched, present };
}

describe('a package without a permit', () => {
  it('has its secrets frozen', async () => {
    const { pass, patched } = deniedPass(true);
    await pass.observe('authorization');
    expect(pass.world.authorization?.isOpen).toBe(false);
    expect(patched).toHaveLength(1);
  });

  it('has those frozen, too, that its spec names no more', async () => {
    const { pass, patched, present } = deniedPass(true);
    present.push({
      ...present[0],
      metadata: { ...present[0].metadata, name: 'of-an-older-spec' },
    });
    await pass.observe('authorization');
    expect(patched).toContain('of-an-older-spec');
  });

  it('leaves the secrets of others alone', async () => {
    const { pass, patched, present } = deniedPass(true);
    present.push({
      ...present[0],
      metadata: { ...present[0].metadata, name: 'x', labels: {} },
    });
    await pass.observe('authorization');
    expect(patched).not.toContain('x');
  });

  it('is held, but nothing of it rewritten, while the policies are not read yet', async () => {
    const { pass, patched } = deniedPass(false);
    await pass.observe('authorization');
    expect(pass.world.authorization?.isOpen).toBe(false);
    expect(patched).toEqual([]);
  });
});

import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { ResourceKind } from '../clusters/types';
import { remainingObjects } from './remainingObjects';

const MANIFEST = `apiVersion: example.com/v1
kind: Chassis
metadata: {name: one}
---
apiVersion: v1
kind: Service
metadata: {name: redis}
`;

function aDefinition(scope: string): KubernetesObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'chassis.example.com' },
    spec: {
      group: 'example.com',
      names: { kind: 'Chassis', plural: 'chassis' },
      scope,
    },
  };
}

/** What remains on a server on which only these paths answer with an object of the release. */
function look(
  served: readonly string[],
  definitions: { list: KubernetesObject[]; isComplete: boolean },
) {
  const get = async (
    kind: ResourceKind,
    key: { namespace?: string; name: string },
  ): Promise<KubernetesObject | undefined> => {
    const path = [key.namespace, kind.plural, key.name].filter(Boolean);
    return served.includes(path.join('/'))
      ? {
          apiVersion: kind.apiVersion,
          kind: kind.kind,
          metadata: {
            name: key.name,
            annotations: { 'meta.helm.sh/release-name': 'redis' },
          },
        }
      : undefined;
  };
  return remainingObjects({
    client: { get },
    definitions: {
      list: () => definitions.list,
      isComplete: definitions.isComplete,
      error: undefined,
    },
    manifest: MANIFEST,
    release: { namespace: 'data', name: 'redis' },
    as: { user: 'u', groups: [] },
    signal: new AbortController().signal,
  });
}

describe('remainingObjects', () => {
  it('asks for a custom kind by the plural of its definition, which cannot be guessed', async () => {
    const list = [aDefinition('Namespaced')];
    expect(
      await look(['data/chassis/one'], { list, isComplete: true }),
    ).toEqual(['Chassis data/one']);
  });

  it('asks for a custom kind without a namespace where it has none', async () => {
    const list = [aDefinition('Cluster')];
    expect(await look(['chassis/one'], { list, isComplete: true })).toEqual([
      'Chassis data/one',
    ]);
  });

  it('takes nothing for gone while the definitions are not all read', async () => {
    await expect(look([], { list: [], isComplete: false })).rejects.toThrow(
      /Chassis one is still there cannot be told/,
    );
  });

  it('takes the objects of a kind that is not defined any more for gone', async () => {
    expect(
      await look(['data/services/redis'], { list: [], isComplete: true }),
    ).toEqual(['Service data/redis']);
  });
});

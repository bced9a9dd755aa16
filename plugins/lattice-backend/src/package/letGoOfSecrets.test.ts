import {
  KubernetesObject,
  LABEL_OWNER_UID,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { ResourceKind } from '../clusters/types';
import { letGoOfSecrets } from './letGoOfSecrets';
import { PackageContext } from './packageContext';
import { PackagePass } from './PackagePass';
import { readPackageObject } from './readPackageObject';

interface Scene {
  readonly deletionPolicy: 'Delete' | 'Orphan';
  readonly isCached: boolean;
  readonly ownerUid?: string;
}

/** Lets go of the secrets of a package with one ExternalSecret; tells what was asked of the API server. */
async function lettingGo(scene: Scene): Promise<unknown[]> {
  const read = readPackageObject({
    apiVersion: 'lattice.dev/v1alpha1',
    kind: 'LatticePackage',
    metadata: { name: 'redis', namespace: 'data', uid: 'uid-1' },
    spec: {
      chart: { repo: 'oci://r.example.com/c', name: 'redis', version: '1.0.0' },
      deletionPolicy: scene.deletionPolicy,
      resources: {
        login: { type: 'secret', params: { provider: 'lab', keys: ['p'] } },
      },
      values: { password: '${resources.login.p}' },
    },
  });
  if (!read || read.problem) {
    throw new Error(JSON.stringify(read?.problem));
  }
  const present: KubernetesObject[] = [];
  const asked: unknown[] = [];
  const context = {
    connection: {
      cache: () => ({
        isComplete: scene.isCached,
        list: () => (scene.isCached ? present : []),
      }),
      client: {
        get: async (_: ResourceKind, { name }: { name: string }) =>
          present.find(it => it.metadata.name === name),
        delete: async () => asked.push('delete'),
        jsonPatch: async (_: ResourceKind, __: object, patch: object) =>
          asked.push(patch),
      },
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
  const [{ object }] = plan.externalSecrets;
  const uid = scene.ownerUid ?? 'uid-1';
  present.push({
    ...object,
    metadata: { ...object.metadata, labels: { [LABEL_OWNER_UID]: uid } },
  });
  await letGoOfSecrets(context, pass);
  return asked;
}

describe('letGoOfSecrets', () => {
  it.each([true, false])('deletes them (cached: %s)', async isCached => {
    expect(await lettingGo({ deletionPolicy: 'Delete', isCached })).toEqual([
      'delete',
    ]);
  });

  it.each([true, false])(
    'leaves them to a release that stays, out of the reach of the collector (cached: %s)',
    async isCached => {
      expect(await lettingGo({ deletionPolicy: 'Orphan', isCached })).toEqual([
        [
          {
            op: 'test',
            path: '/metadata/ownerReferences/0/uid',
            value: 'uid-1',
          },
          { op: 'remove', path: '/metadata/ownerReferences/0' },
        ],
      ]);
    },
  );

  it.each(['Delete', 'Orphan'] as const)(
    'touches none of another package (%s)',
    async deletionPolicy => {
      const scene = { deletionPolicy, isCached: false, ownerUid: 'uid-2' };
      expect(await lettingGo(scene)).toEqual([]);
    },
  );
});

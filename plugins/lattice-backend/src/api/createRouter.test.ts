import { mockErrorHandler, mockServices } from '@backstage/backend-test-utils';
import { DEFAULT_PROFILE } from '@lattice-portal/backstage-plugin-lattice-common';
import express from 'express';
import request from 'supertest';
import { ReadProfile } from '../clusters/readProfile';
import { CacheMemberStore } from './CacheMemberStore';
import { CachePackageStore } from './CachePackageStore';
import { createRouter } from './createRouter';
import { FleetReader } from './FleetReader';
import { PackageStore } from './FleetStore';
import { aCluster, someClusters } from './testing/aCluster';
import {
  aCondition,
  aMember,
  aNamespace,
  aPackage,
  aService,
} from './testing/objects';

const STATUS = {
  observedGeneration: 1,
  phase: 'Ready',
  conditions: [
    aCondition('Authorized', 'True'),
    aCondition('SecretsResolved', 'Unknown'),
    aCondition('Ready', 'True'),
  ],
  release: { name: 'redis', namespace: 'data', revision: 1 },
  chart: { name: 'redis', version: '18.4.0' },
  inventory: [{ id: 'data_redis_apps_StatefulSet', version: 'v1' }],
};

function anApp(packages?: PackageStore, setUp?: ReadProfile) {
  const reader = new FleetReader({
    clusters: someClusters(
      [
        aCluster({
          setUp,
          objects: [
            aNamespace('data', 'group:default/data'),
            aPackage({ status: STATUS }),
            aPackage({ name: 'broken', spec: { chart: 7 } }),
            aMember(),
            aMember({ name: 'broken', spec: { target: 7 } }),
            aMember({
              name: 'everything',
              spec: { target: { namespace: 'data' } },
            }),
            aService('checkout'),
          ],
        }),
      ],
      [
        {
          name: 'away',
          mode: 'observe',
          error: 'refused',
          isRefused: true,
          isLeader: false,
        },
      ],
    ),
    owners: [],
  });
  return express()
    .use(
      createRouter({
        packages:
          packages ??
          new CachePackageStore({
            reader,
            secrets: { defaultKey: '{namespace}/{resource}' },
          }),
        members: new CacheMemberStore({ reader }),
        reader,
        profileOf: () => DEFAULT_PROFILE,
        httpAuth: mockServices.httpAuth(),
        validateResponses: true,
      }),
    )
    .use(mockErrorHandler());
}

describe('the answers', () => {
  it.each([
    '/packages',
    '/packages/lab/data/redis',
    '/packages/lab/data/broken',
    '/members',
    '/members/lab/data/redis',
    '/members/lab/data/broken',
    '/members/lab/data/everything',
    '/members/lab/commerce/checkout',
    '/clusters',
    '/health',
  ])('are what the document says: %s', async path => {
    const response = await request(anApp()).get(path);
    expect({ status: response.status, error: response.body.error }).toEqual({
      status: 200,
      error: undefined,
    });
  });

  it('tell how a cluster is set up, and where the configuration says something else', async () => {
    const setUp = { serverVersion: 'v1.34.1', trustDomain: 'example.org' };
    const response = await request(anApp(undefined, setUp)).get('/clusters');
    expect(response.body.items[0].setUp).toEqual({
      ...setUp,
      definitions: [],
      engines: { cilium: false, istio: false, externalSecrets: false },
      differences: [
        expect.stringContaining('the cluster says example.org'),
        expect.stringContaining('profile.engines.cilium is true'),
        expect.stringContaining('profile.engines.istio is true'),
      ],
    });
  });

  it('are refused when they are something else', async () => {
    const wrong = { items: [{ name: 7 }], clusters: [] };
    const store = { list: async () => wrong } as unknown as PackageStore;
    await request(anApp(store)).get('/packages').expect(500);
  });
});

import { mockCredentials } from '@backstage/backend-test-utils';
import { actionsRegistryServiceMock } from '@backstage/backend-test-utils/alpha';
import { CacheMemberStore } from '../api/CacheMemberStore';
import { CachePackageStore } from '../api/CachePackageStore';
import { FleetReader } from '../api/FleetReader';
import { aCluster, someClusters } from '../api/testing/aCluster';
import { aMember, aNamespace, aPackage } from '../api/testing/objects';
import { registerActions } from './registerActions';

function registry() {
  const actions = actionsRegistryServiceMock();
  const reader = new FleetReader({
    clusters: someClusters([
      aCluster({ objects: [aNamespace('data'), aPackage(), aMember()] }),
    ]),
    owners: [],
  });
  registerActions(actions, {
    packages: new CachePackageStore({
      reader,
      secrets: { defaultKey: '{namespace}/{resource}' },
    }),
    members: new CacheMemberStore({ reader }),
  });
  return actions;
}

const credentials = mockCredentials.user();

describe('the actions', () => {
  it('list what the caller may read', async () => {
    const { output } = await registry().invoke({
      id: 'test:list-packages',
      input: { namespace: 'data' },
      credentials,
    });
    expect(output).toMatchObject({
      items: [{ cluster: 'lab', namespace: 'data', name: 'redis' }],
      clusters: [{ cluster: 'lab', complete: true }],
    });
  });

  it('tell everything of one member', async () => {
    const { output } = await registry().invoke({
      id: 'test:get-member',
      input: { cluster: 'lab', namespace: 'data', name: 'redis' },
      credentials,
    });
    expect(output).toMatchObject({ item: { name: 'redis' } });
  });

  it('say so when there is no such object', async () => {
    await expect(
      registry().invoke({
        id: 'test:get-package',
        input: { cluster: 'lab', namespace: 'data', name: 'gone' },
        credentials,
      }),
    ).rejects.toThrow('There is no such package');
  });

  it('change nothing', async () => {
    const { actions } = await registry().list();
    expect(actions.map(action => action.attributes.readOnly)).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });
});

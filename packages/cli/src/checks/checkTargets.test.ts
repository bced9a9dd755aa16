import { useFolder } from '../__testUtils__/folder';
import { CHECKOUT, MEMBER } from '../__testUtils__/manifests';

const folder = useFolder();

function aPod(labels: string, account: string): string {
  return `apiVersion: v1
kind: Pod
metadata: { name: redis-0, namespace: data, labels: ${labels} }
spec: { serviceAccountName: ${account}, containers: [] }
`;
}

describe('members and the pods that are given with them', () => {
  it.each([
    ['are selected and run as the account', '{ app: redis }', 'redis', []],
    ['carry other labels', '{ app: valkey }', 'redis', ['target-empty']],
    ['run as another account', '{ app: redis }', 'cache', ['target-account']],
  ])('hears of it when the pods %s', async (_, labels, account, expected) => {
    folder.write({ 'm.yaml': MEMBER, 'pods.yaml': aPod(labels, account) });
    const { list } = await folder.findings('.');
    expect(list.map(({ rule }) => rule)).toEqual(expected);
  });

  it('reads the pods of workloads, too, but takes nobody else to be missing there', async () => {
    folder.write({
      'm.yaml': MEMBER,
      's.yaml': CHECKOUT,
      'w.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: checkout, namespace: commerce }
spec:
  template:
    metadata: { labels: { app.kubernetes.io/name: checkout } }
    spec: { containers: [] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: other, namespace: data }
spec: { template: { metadata: { labels: { app: other } }, spec: {} } }
`,
    });
    const { list } = await folder.findings('.');
    expect(list.map(({ rule, object }) => `${rule} ${object}`)).toEqual([
      'target-account LatticeService commerce/checkout',
    ]);
  });
});

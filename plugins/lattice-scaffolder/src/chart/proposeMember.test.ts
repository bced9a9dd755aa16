import { inspectObjects } from '@lattice-portal/backstage-plugin-lattice-node';
import { lastingWorkloads, proposeMember } from './proposeMember';

function aPodMaker(
  kind: string,
  name: string,
  labels: Record<string, string>,
  ports: object[] = [],
  annotations: Record<string, string> = {},
) {
  const template = {
    metadata: { labels },
    spec: { containers: [{ name: 'main', ports }] },
  };
  return {
    apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1',
    kind,
    metadata: { name, annotations },
    spec: { template },
  };
}

const USUAL = {
  'app.kubernetes.io/name': 'redis',
  'app.kubernetes.io/instance': 'cache',
  'app.kubernetes.io/version': '7.2.0',
  'helm.sh/chart': 'redis-18.4.0',
};

function propose(...objects: ReturnType<typeof aPodMaker>[]) {
  return proposeMember(lastingWorkloads(inspectObjects(objects)));
}

describe('proposeMember', () => {
  it('names labels that stay the same over versions', () => {
    expect(propose(aPodMaker('Deployment', 'a', USUAL)).selector).toEqual({
      'app.kubernetes.io/name': 'redis',
      'app.kubernetes.io/instance': 'cache',
    });
  });

  it('names only labels that all serving pods share', () => {
    const { selector, ports } = propose(
      aPodMaker('Deployment', 'a', USUAL, [
        { containerPort: 80, name: 'http' },
      ]),
      aPodMaker(
        'Deployment',
        'b',
        { ...USUAL, 'app.kubernetes.io/name': 'exporter' },
        [{ containerPort: 9121 }],
      ),
    );
    expect(selector).toEqual({ 'app.kubernetes.io/instance': 'cache' });
    expect(ports).toEqual([
      { port: 80, name: 'http' },
      { port: 9121, name: 'port-9121' },
    ]);
  });

  it('leaves out hooks and jobs, which do not stay', () => {
    const port = [{ containerPort: 1, name: 'x' }];
    const { ports } = propose(
      aPodMaker('Job', 'migrate', USUAL, port),
      aPodMaker('Deployment', 'test', USUAL, port, { 'helm.sh/hook': 'test' }),
      aPodMaker('Deployment', 'a', USUAL, [
        { containerPort: 80, name: 'http' },
      ]),
    );
    expect(ports).toEqual([{ port: 80, name: 'http' }]);
  });

  it('proposes no selector where the chart gives no usual label', () => {
    expect(
      propose(aPodMaker('Deployment', 'a', { color: 'red' })).selector,
    ).toEqual({});
    expect(propose()).toEqual({ selector: {}, ports: [], serviceAccounts: [] });
  });
});

import { inspectObjects } from '@lattice-portal/backstage-plugin-lattice-node';
import { proposeMember, renderedWorkloads } from './proposeMember';

const USUAL = {
  'app.kubernetes.io/name': 'redis',
  'app.kubernetes.io/instance': 'cache',
  'app.kubernetes.io/version': '7.2.0',
  'helm.sh/chart': 'redis-18.4.0',
};

interface PodMaker {
  kind?: string;
  labels?: Record<string, string>;
  ports?: object[];
  annotations?: Record<string, string>;
}

function aPodMaker(name: string, changes: PodMaker = {}) {
  const {
    kind = 'Deployment',
    labels = USUAL,
    ports = [],
    annotations,
  } = changes;
  return {
    apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1',
    kind,
    metadata: { name, annotations },
    spec: {
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'main', ports }] },
      },
    },
  };
}

function propose(...objects: ReturnType<typeof aPodMaker>[]) {
  return proposeMember(renderedWorkloads(inspectObjects(objects)));
}

describe('proposeMember', () => {
  it('names labels that stay the same over versions', () => {
    expect(propose(aPodMaker('a')).selector).toEqual({
      'app.kubernetes.io/name': 'redis',
      'app.kubernetes.io/instance': 'cache',
    });
  });

  it('names only labels that all serving pods share', () => {
    const { selector, ports } = propose(
      aPodMaker('a', { ports: [{ containerPort: 80, name: 'http' }] }),
      aPodMaker('b', {
        labels: { ...USUAL, 'app.kubernetes.io/name': 'exporter' },
        ports: [{ containerPort: 9121 }],
      }),
    );
    expect(selector).toEqual({ 'app.kubernetes.io/instance': 'cache' });
    expect(ports).toEqual([
      { port: 80, name: 'http' },
      { port: 9121, name: 'port-9121' },
    ]);
  });

  it('leaves out hooks and jobs, which do not stay', () => {
    const ports = [{ containerPort: 1, name: 'x' }];
    const proposed = propose(
      aPodMaker('migrate', { kind: 'Job', ports }),
      aPodMaker('test', { ports, annotations: { 'helm.sh/hook': 'test' } }),
      aPodMaker('a', { ports: [{ containerPort: 80, name: 'http' }] }),
    );
    expect(proposed.ports).toEqual([{ port: 80, name: 'http' }]);
  });

  it('proposes no selector where the chart gives no usual label', () => {
    const labels = { color: 'red' };
    expect(propose(aPodMaker('a', { labels })).selector).toEqual({});
    expect(propose()).toEqual({ selector: {}, ports: [], serviceAccounts: [] });
  });
});

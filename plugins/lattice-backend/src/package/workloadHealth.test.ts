import { workloadHealth, worstHealth } from './workloadHealth';

function aWorkload(kind: string, spec: object, status: object, generation = 2) {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'redis', generation },
    spec,
    status: { observedGeneration: 2, ...status },
  };
}

describe('workloadHealth', () => {
  it.each([
    [
      'Deployment',
      { replicas: 2 },
      { replicas: 2, updatedReplicas: 2, availableReplicas: 2 },
      'healthy',
    ],
    [
      'Deployment',
      { replicas: 2 },
      { replicas: 3, updatedReplicas: 2, availableReplicas: 3 },
      'progressing',
    ],
    [
      'Deployment',
      { replicas: 2 },
      { replicas: 2, updatedReplicas: 2, availableReplicas: 1 },
      'progressing',
    ],
    ['Deployment', { replicas: 0 }, {}, 'healthy'],
    [
      'Deployment',
      {},
      {
        observedGeneration: 1,
        replicas: 1,
        updatedReplicas: 1,
        availableReplicas: 1,
      },
      'progressing',
    ],
    [
      'Deployment',
      {},
      {
        conditions: [
          {
            type: 'Progressing',
            status: 'False',
            reason: 'ProgressDeadlineExceeded',
          },
        ],
      },
      'degraded',
    ],
    [
      'StatefulSet',
      { replicas: 3 },
      {
        readyReplicas: 3,
        updatedReplicas: 3,
        currentRevision: 'a',
        updateRevision: 'a',
      },
      'healthy',
    ],
    [
      'StatefulSet',
      { replicas: 3 },
      {
        readyReplicas: 3,
        updatedReplicas: 1,
        currentRevision: 'a',
        updateRevision: 'b',
      },
      'progressing',
    ],
    [
      'StatefulSet',
      { replicas: 3 },
      {
        readyReplicas: 2,
        updatedReplicas: 3,
        currentRevision: 'a',
        updateRevision: 'a',
      },
      'progressing',
    ],
    [
      'StatefulSet',
      { replicas: 3, updateStrategy: { type: 'OnDelete' } },
      {
        readyReplicas: 3,
        updatedReplicas: 0,
        currentRevision: 'a',
        updateRevision: 'b',
      },
      'healthy',
    ],
    [
      'DaemonSet',
      {},
      {
        desiredNumberScheduled: 2,
        updatedNumberScheduled: 2,
        numberAvailable: 2,
      },
      'healthy',
    ],
    [
      'DaemonSet',
      {},
      {
        desiredNumberScheduled: 2,
        updatedNumberScheduled: 1,
        numberAvailable: 2,
      },
      'progressing',
    ],
    [
      'Job',
      {},
      { conditions: [{ type: 'Complete', status: 'True' }] },
      'healthy',
    ],
    ['Job', {}, {}, 'progressing'],
    [
      'Job',
      {},
      { conditions: [{ type: 'Failed', status: 'True', message: 'x' }] },
      'degraded',
    ],
    ['ConfigMap', {}, {}, 'healthy'],
  ])('%s %j with %j is %s', (kind, spec, status, expected) => {
    expect(workloadHealth(aWorkload(kind, spec, status)).status).toBe(expected);
  });

  it('tells the worst first, and not everything', () => {
    const report = (status: 'degraded' | 'progressing', message: string) => ({
      status,
      message,
    });
    expect(
      worstHealth([report('progressing', 'a'), report('degraded', 'b')]),
    ).toEqual({ status: 'degraded', message: 'b' });
    expect(
      worstHealth(['a', 'b', 'c', 'd'].map(it => report('progressing', it)))
        .message,
    ).toBe('a; b; c; and 1 more');
    expect(worstHealth([]).status).toBe('healthy');
  });
});

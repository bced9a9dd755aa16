import { childEnvironment } from './childEnvironment';

describe('childEnvironment', () => {
  it('keeps what a program needs and drops all that could name a cluster', () => {
    const env = childEnvironment(
      {
        PATH: '/bin',
        KUBECONFIG: '/home/me/.kube/production',
        KUBERNETES_SERVICE_HOST: '10.0.0.1',
        HELM_KUBECONTEXT: 'production',
        NODE_OPTIONS: '--require x',
      },
      { HELM_CACHE_HOME: '/x' },
    );
    expect(env).toEqual({ PATH: '/bin', HELM_CACHE_HOME: '/x' });
  });
});

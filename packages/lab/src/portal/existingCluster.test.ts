import { chooseExistingCluster } from './existingCluster.ts';
import { existingClusterOverlay } from './overlay.ts';

describe('chooseExistingCluster', () => {
  it('ignores a KUBECONFIG, and a context alone', () => {
    expect(
      chooseExistingCluster({ KUBECONFIG: '/production' }),
    ).toBeUndefined();
    expect(
      chooseExistingCluster({
        KUBECONFIG: '/production',
        LATTICE_KUBE_CONTEXT: 'production',
      }),
    ).toBeUndefined();
  });

  it('asks for the context when the lab is off', () => {
    expect(() => chooseExistingCluster({ LATTICE_LAB: 'off' })).toThrow(
      'LATTICE_KUBE_CONTEXT',
    );
  });

  it('takes the named context, to be observed and never written', () => {
    const cluster = chooseExistingCluster({
      LATTICE_LAB: 'off',
      LATTICE_KUBE_CONTEXT: 'staging',
      KUBECONFIG: '/home/me/config',
    });
    expect(cluster).toEqual({
      context: 'staging',
      kubeconfig: '/home/me/config',
    });
    const overlay = existingClusterOverlay(
      {
        portalUrl: 'http://127.0.0.1:7007',
        port: 7007,
        databaseDir: '/state/database',
        workDir: '/state/work',
        scriptToken: 'token',
        backendSecret: 'secret',
      },
      cluster!,
    );
    expect(overlay).toMatchObject({
      lattice: {
        clusters: [{ name: 'staging', mode: 'observe', context: 'staging' }],
        controllers: { enabled: false },
      },
    });
  });
});

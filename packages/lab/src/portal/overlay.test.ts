import { labOverlay } from './overlay.ts';
import type { OverlayInput } from './overlay.ts';

const anInput = (changes: Partial<OverlayInput> = {}): OverlayInput => ({
  portalUrl: 'http://127.0.0.1:7007',
  port: 7007,
  databaseDir: '/state/db',
  workDir: '/state/work',
  kubeconfig: '/state/kubeconfig',
  helmBinary: '/cache/helm',
  registry: { url: 'https://127.0.0.1:5000', caFile: '/state/ca.crt' },
  scriptToken: 'script-token',
  backendSecret: 'backend-secret',
  ...changes,
});

describe('labOverlay', () => {
  it('binds to loopback alone', () => {
    expect(labOverlay(anInput())).toMatchObject({
      backend: { listen: { host: '127.0.0.1', port: 7007 } },
    });
  });

  it('serves the repository of the demo manifest from the registry of the lab', () => {
    expect(labOverlay(anInput())).toMatchObject({
      lattice: {
        charts: {
          mirrors: [
            {
              from: 'oci://registry.example.com/charts',
              to: 'oci://127.0.0.1:5000/charts',
              caFile: '/state/ca.crt',
            },
          ],
        },
      },
    });
  });

  it('lets the app of a hot reload call the backend from its own port', () => {
    const appUrl = 'http://127.0.0.1:3000';
    expect(labOverlay(anInput({ appUrl }))).toMatchObject({
      app: { baseUrl: appUrl },
      backend: {
        baseUrl: 'http://127.0.0.1:7007',
        cors: { origin: appUrl },
      },
    });
  });

  it('lets scripts read and nothing else', () => {
    const overlay = labOverlay(anInput()) as {
      backend: { auth: { externalAccess: [{ accessRestrictions: object[] }] } };
    };
    const { accessRestrictions } = overlay.backend.auth.externalAccess[0];
    expect(accessRestrictions).not.toHaveLength(0);
    for (const restriction of accessRestrictions) {
      expect(restriction).toHaveProperty('permissionAttribute.action', 'read');
    }
  });

  it('names the forge only once it is there', () => {
    expect(labOverlay(anInput())).not.toHaveProperty('integrations');
    const forge = {
      url: 'http://127.0.0.1:3000',
      user: 'lattice',
      token: 't',
      repository: 'platform/deployments',
    };
    const overlay = labOverlay(anInput({ forge }));
    expect(overlay).toHaveProperty(
      'integrations.gitea.0.host',
      '127.0.0.1:3000',
    );
    expect(overlay).toHaveProperty(
      'lattice.git.repoUrl',
      '127.0.0.1:3000?owner=platform&repo=deployments',
    );
    expect(overlay).toHaveProperty('lattice.clusters');
  });
});

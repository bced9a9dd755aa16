import { SECRET_STORE } from '../external-secrets-stand-in/startExternalSecrets.ts';

/** What the overlay needs to know of the lab and of this start. */
export interface OverlayInput {
  /** Where the portal is served, such as `http://127.0.0.1:7007`. */
  readonly portalUrl: string;
  readonly port: number;
  /** Folder of the SQLite databases. */
  readonly databaseDir: string;
  /** Folder of the app's working files. */
  readonly workDir: string;
  readonly kubeconfig: string;
  readonly helmBinary: string;
  /** OCI registry of the lab. */
  readonly registry: { readonly url: string; readonly caFile: string };
  /** Absent until the forge is up. */
  readonly forge?: {
    readonly url: string;
    readonly user: string;
    readonly token: string;
    readonly repository: string;
  };
  /** Static read-only token for scripts. */
  readonly scriptToken: string;
  /** Secret of the backend's own tokens. */
  readonly backendSecret: string;
}

/** Repository that the chapter's manifest names; the lab's registry serves it through a mirror. */
export const DEMO_REPOSITORY = 'oci://registry.example.com/charts';

/** The demo's permit: packages of the namespace data may read what lies below data/ in the lab's store. */
export const DEMO_CEDAR_POLICY = `permit (
  principal,
  action == Lattice::Action::"AccessSecret",
  resource
) when {
  principal.namespace == "data" &&
  principal.kind == "package" &&
  resource.provider == "${SECRET_STORE}" &&
  resource.path like "data/*"
};`;

function backendSection(input: OverlayInput): object {
  return {
    baseUrl: input.portalUrl,
    listen: { host: '127.0.0.1', port: input.port },
    cors: { origin: input.portalUrl, credentials: true },
    csp: { 'upgrade-insecure-requests': false },
    database: {
      client: 'better-sqlite3',
      connection: { directory: input.databaseDir },
    },
    workingDirectory: input.workDir,
    auth: {
      keys: [{ secret: input.backendSecret }],
      externalAccess: [
        {
          type: 'static',
          options: { token: input.scriptToken, subject: 'lab-scripts' },
          accessRestrictions: [
            { plugin: 'lattice', permissionAttribute: { action: 'read' } },
            { plugin: 'catalog', permissionAttribute: { action: 'read' } },
          ],
        },
      ],
    },
    ...(input.forge
      ? { reading: { allow: [{ host: new URL(input.forge.url).host }] } }
      : {}),
  };
}

function latticeSection(input: OverlayInput): object {
  return {
    clusters: [
      {
        name: 'lab',
        mode: 'reconcile',
        kubeconfig: input.kubeconfig,
        actions: 'enabled',
        latticeServices: 'own',
      },
    ],
    controllers: { enabled: true },
    helm: { binary: input.helmBinary },
    charts: {
      allowedRepositories: [DEMO_REPOSITORY],
      mirrors: [
        {
          from: DEMO_REPOSITORY,
          to: `oci://${new URL(input.registry.url).host}/charts`,
          caFile: input.registry.caFile,
        },
      ],
    },
    secrets: {
      defaultStore: SECRET_STORE,
      defaultKey: '{namespace}/{resource}',
    },
    cedar: {
      policies: [{ id: 'demo-data', policy: DEMO_CEDAR_POLICY }],
    },
  };
}

function forgeSection(input: OverlayInput): object {
  if (!input.forge) {
    return {};
  }
  const { url, user, token, repository } = input.forge;
  const [owner, repo] = repository.split('/');
  const host = new URL(url).host;
  return {
    integrations: {
      gitea: [{ host, baseUrl: url, username: user, password: token }],
    },
    lattice: {
      git: { root: 'clusters', repoUrl: `${host}?owner=${owner}&repo=${repo}` },
    },
  };
}

function mergeSections(
  left: Record<string, unknown>,
  right: Record<string, unknown>,
): Record<string, unknown> {
  const merged = { ...left };
  for (const [key, value] of Object.entries(right)) {
    const before = merged[key];
    merged[key] =
      isSection(before) && isSection(value)
        ? mergeSections(before, value)
        : value;
  }
  return merged;
}

function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The configuration that turns the app into the lab's portal; written to `.lattice/app-config.lab.yaml`.
 * Sign-in by header is upstream's oauth2-proxy provider and is enabled here alone, on loopback.
 */
export function labOverlay(input: OverlayInput): Record<string, unknown> {
  const base: Record<string, unknown> = {
    app: { baseUrl: input.portalUrl, signIn: 'oauth2ProxyOrGuest' },
    backend: backendSection(input),
    auth: {
      environment: 'development',
      providers: {
        // Proxy providers have no level for the environment, unlike those of OAuth.
        oauth2Proxy: {
          signIn: {
            resolvers: [{ resolver: 'forwardedUserMatchingUserEntityName' }],
          },
        },
      },
    },
    lattice: latticeSection(input),
  };
  return mergeSections(base, forgeSection(input) as Record<string, unknown>);
}

import { SECRET_STORE } from '../external-secrets-stand-in/startExternalSecrets.ts';

/** What every overlay needs to know of this start. */
export interface PortalSettings {
  /** Where the backend answers, such as `http://127.0.0.1:7007`. */
  readonly portalUrl: string;
  /** Where the browser finds the app; the backend serves it too when absent. */
  readonly appUrl?: string;
  readonly port: number;
  /** Folder of the SQLite databases. */
  readonly databaseDir: string;
  /** Folder of the app's working files. */
  readonly workDir: string;
  /** Static read-only token for scripts. */
  readonly scriptToken: string;
  /** Secret of the backend's own tokens. */
  readonly backendSecret: string;
}

/** What the overlay needs to know of the lab. */
export interface OverlayInput extends PortalSettings {
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
}

/** A cluster that the lab did not start; it is observed only. */
export interface ExistingCluster {
  /** Name of the context, which also names the cluster. */
  readonly context: string;
  readonly kubeconfig: string;
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

function appUrlOf(settings: PortalSettings): string {
  return settings.appUrl ?? settings.portalUrl;
}

function backendSection(input: PortalSettings): object {
  return {
    baseUrl: input.portalUrl,
    listen: { host: '127.0.0.1', port: input.port },
    cors: { origin: appUrlOf(input), credentials: true },
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

function baseOverlay(settings: PortalSettings): Record<string, unknown> {
  return {
    app: { baseUrl: appUrlOf(settings), signIn: 'oauth2ProxyOrGuest' },
    backend: backendSection(settings),
    auth: {
      environment: 'development',
      providers: {
        oauth2Proxy: {
          signIn: {
            resolvers: [{ resolver: 'forwardedUserMatchingUserEntityName' }],
          },
        },
      },
    },
  };
}

/**
 * The configuration that turns the app into the lab's portal; written to `.lattice/app-config.lab.yaml`.
 * Sign-in by header is upstream's oauth2-proxy provider and is enabled here alone, on loopback.
 */
export function labOverlay(input: OverlayInput): Record<string, unknown> {
  return mergeSections(
    { ...baseOverlay(input), lattice: latticeSection(input) },
    forgeSection(input) as Record<string, unknown>,
  );
}

/** The configuration that shows one existing cluster, of which nothing is ever written. */
export function existingClusterOverlay(
  settings: PortalSettings,
  cluster: ExistingCluster,
): Record<string, unknown> {
  return {
    ...baseOverlay(settings),
    lattice: {
      clusters: [
        {
          name: cluster.context,
          mode: 'observe',
          kubeconfig: cluster.kubeconfig,
          context: cluster.context,
        },
      ],
      controllers: { enabled: false },
    },
  };
}

import {
  ChartReference,
  KubernetesObject,
} from '@lattice-portal/backstage-plugin-lattice-common';
import {
  ChartCredentials,
  ChartError,
} from '@lattice-portal/backstage-plugin-lattice-node';

type ReadSecret = (name: string) => Promise<KubernetesObject | undefined>;

/** Login and authorities for a chart's repository, from the Secrets that the package names. */
export async function readPullCredentials(
  chart: ChartReference,
  readSecret: ReadSecret,
): Promise<{ credentials?: ChartCredentials; ca?: string }> {
  const login = chart.pullSecretRef
    ? credentialsOf(
        await dataOf(chart.pullSecretRef.name, 'pullSecretRef', readSecret),
        hostOf(chart.repository),
      )
    : undefined;
  const ca = chart.caSecretRef
    ? (await dataOf(chart.caSecretRef.name, 'caSecretRef', readSecret))[
        'ca.crt'
      ]
    : undefined;
  return {
    ...(login ? { credentials: login } : {}),
    ...(ca ? { ca } : {}),
  };
}

async function dataOf(
  name: string,
  field: string,
  readSecret: ReadSecret,
): Promise<Record<string, string>> {
  const secret = await readSecret(name);
  if (!secret) {
    throw new ChartError(
      'AuthFailed',
      `Secret ${name}, named by spec.chart.${field}, does not exist.`,
    );
  }
  return Object.fromEntries(
    Object.entries((secret.data ?? {}) as Record<string, string>).map(
      ([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')],
    ),
  );
}

function hostOf(repository: string): string {
  return URL.parse(repository.replace(/^oci:/i, 'https:'))?.host ?? '';
}

function credentialsOf(
  data: Record<string, string>,
  host: string,
): ChartCredentials {
  const { username, password } = data;
  if (username && password) {
    return { username, password };
  }
  const found = dockerLogin(data['.dockerconfigjson'], host);
  if (!found) {
    throw new ChartError(
      'AuthFailed',
      `The Secret that spec.chart.pullSecretRef names holds no login for ${host}.`,
    );
  }
  return found;
}

function dockerLogin(
  text: string | undefined,
  host: string,
): ChartCredentials | undefined {
  let auths: Record<string, Record<string, string>> = {};
  try {
    auths = JSON.parse(text ?? '{}').auths ?? {};
  } catch {
    return undefined; // The parser's message would quote the login.
  }
  const entry = auths[host] ?? auths[`https://${host}`];
  const [username, ...rest] = Buffer.from(entry?.auth ?? '', 'base64')
    .toString('utf8')
    .split(':');
  const login = {
    username: entry?.username ?? username,
    password: entry?.password ?? rest.join(':'),
  };
  return login.username && login.password ? login : undefined;
}

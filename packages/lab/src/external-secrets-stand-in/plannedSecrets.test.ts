import {
  parsePackage,
  planSecrets,
} from '@lattice-portal/backstage-plugin-lattice-common';
import type { ExternalSecret } from './types';
import { wantedSecret } from './wantedSecret';

/** The ExternalSecret that a package's directive makes. */
function planned(entries: Record<string, string>): ExternalSecret {
  const parsed = parsePackage({
    apiVersion: 'lattice.dev/v1alpha1',
    kind: 'LatticePackage',
    metadata: { namespace: 'data', name: 'redis', uid: 'uid-1' },
    spec: {
      chart: { repository: 'oci://a/b', name: 'redis', version: '1.0.0' },
      resources: {
        'main-db': { type: 'secret', params: { provider: 'lab' } },
      },
      values: { existingSecret: { $secret: entries } },
    },
  });
  const plan =
    parsed.ok && planSecrets(parsed.value, { defaultKey: '{resource}' });
  if (!plan || !plan.ok) {
    throw new Error(JSON.stringify({ parsed, plan }));
  }
  return plan.plan.externalSecrets[0].object as unknown as ExternalSecret;
}

/** What the Secret holds when every property of the store is called after itself. */
function contentOf(externalSecret: ExternalSecret): Record<string, string> {
  const values = Object.fromEntries(
    (externalSecret.spec.data ?? []).map(({ secretKey, remoteRef }) => [
      secretKey,
      Buffer.from(`<${remoteRef.property}>`),
    ]),
  );
  const { data = {} } = wantedSecret(externalSecret, undefined, values);
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [
      key,
      Buffer.from(value, 'base64').toString(),
    ]),
  );
}

describe('planned ExternalSecrets', () => {
  it('fetch single references under the keys of the directive', () => {
    expect(
      contentOf(
        planned({ password: '${main-db.pass}', cert: '${main-db.tls.crt}' }),
      ),
    ).toEqual({ password: '<pass>', cert: '<tls.crt>' });
  });

  it('put text and references together, braces and all', () => {
    expect(
      contentOf(
        planned({
          dsn: 'pg://${main-db.user}:${main_db.pass}@h',
          'app.tmpl': '{{ .Values.x }} $${HOME} {${main-db.pass}}\n',
        }),
      ),
    ).toEqual({
      dsn: 'pg://<user>:<pass>@h',
      'app.tmpl': '{{ .Values.x }} ${HOME} {<pass>}\n',
    });
  });
});

import { isRecord } from '../api/json';
import { LatticeMember } from '../api/memberModel';
import { LatticePackage } from '../api/packageModel';
import { parseMember } from '../api/parseMember';
import { parsePackage } from '../api/parsePackage';
import { AdmissionRules, DEFAULT_PROTECTED_NAMESPACES } from '../validation';

/** Part of a manifest that replaces what is there; `undefined` takes a field away. */
export type Patch = { [key: string]: unknown };

/** The package of chapter 11.3, as it stands there. */
export const CHAPTER_PACKAGE = `apiVersion: lattice.dev/v1alpha1
kind: LatticePackage
metadata:
  name: redis
  namespace: data
spec:
  chart:
    repo: oci://registry.example.com/charts
    name: redis
    version: 18.4.0
  values:
    replicas: 3
    auth:
      enabled: true
      password: "\${resources.redis.auth-token}"
  resources:
    redis:
      type: secret
      params:
        keys: [auth-token]
`;

/** The member of chapter 11.4, as it stands there. */
export const CHAPTER_MEMBER = `apiVersion: lattice.dev/v1alpha1
kind: LatticeMeshMember
metadata:
  name: redis
  namespace: data
spec:
  target:
    selector:
      app: redis
  ports:
    - port: 6379
      name: redis
      peerAuth: Strict
  allowedCallers:
    - name: checkout
      namespace: commerce
    - name: inventory
      namespace: commerce
  dependencies: []
`;

function patched(base: unknown, patch: unknown): unknown {
  if (!isRecord(base) || !isRecord(patch)) {
    return patch;
  }
  return Object.fromEntries(
    [...new Set([...Object.keys(base), ...Object.keys(patch)])]
      .map((key): [string, unknown] => [
        key,
        key in patch ? patched(base[key], patch[key]) : base[key],
      ])
      .filter(([, value]) => value !== undefined),
  );
}

/** A valid package manifest, changed in places. */
export function aPackageManifest(patch: Patch = {}): Patch {
  return patched(
    {
      apiVersion: 'lattice.dev/v1alpha1',
      kind: 'LatticePackage',
      metadata: { name: 'redis', namespace: 'data', uid: 'uid-1' },
      spec: {
        chart: {
          repository: 'oci://registry.example.com/charts',
          name: 'redis',
          version: '18.4.0',
        },
      },
    },
    patch,
  ) as Patch;
}

/** A valid member manifest, changed in places. */
export function aMemberManifest(patch: Patch = {}): Patch {
  return patched(
    {
      apiVersion: 'lattice.dev/v1alpha1',
      kind: 'LatticeMeshMember',
      metadata: { name: 'redis', namespace: 'data' },
      spec: {
        target: { selector: { app: 'redis' } },
        ports: [{ port: 6379, name: 'redis' }],
      },
    },
    patch,
  ) as Patch;
}

/** A package with this `spec`, changed in places. */
export function aPackage(patch: Patch = {}): LatticePackage {
  const result = parsePackage(aPackageManifest(patch));
  if (!result.ok) {
    throw new Error(JSON.stringify(result.problems));
  }
  return result.value;
}

/** A member with this `spec`, changed in places. */
export function aMember(patch: Patch = {}): LatticeMember {
  const result = parseMember(aMemberManifest(patch));
  if (!result.ok) {
    throw new Error(JSON.stringify(result.problems));
  }
  return result.value;
}

/** Rules of a platform that allows one registry. */
export const RULES: AdmissionRules = {
  allowedRepositories: ['oci://registry.example.com/charts'],
  protectedNamespaces: DEFAULT_PROTECTED_NAMESPACES,
  platformObjects: ['kube-system/metrics'],
};

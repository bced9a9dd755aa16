import { ResourceKind } from './types';

/** What a path points at, besides the kind. */
export interface ResourceTarget {
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: 'status';
}

/** Path of a kind, a namespace's objects, one object or its subresource, below the server's own path. */
export function resourcePath(
  kind: ResourceKind,
  target: ResourceTarget = {},
): string {
  if (kind.namespaced && target.name && !target.namespace) {
    throw new TypeError(`${kind.kind} ${target.name} needs a namespace`);
  }
  const group = kind.apiVersion.includes('/')
    ? ['apis', ...kind.apiVersion.split('/')]
    : ['api', kind.apiVersion];
  const namespace =
    kind.namespaced && target.namespace ? ['namespaces', target.namespace] : [];
  const rest = [target.name, target.subresource].filter(
    (part): part is string => part !== undefined,
  );
  return `/${[...group, ...namespace, kind.plural, ...rest]
    .map(encodeURIComponent)
    .join('/')}`;
}

/** Query string with its question mark, or nothing. Absent values are left out. */
export function queryString(
  query: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) {
      params.set(name, String(value));
    }
  }
  const text = params.toString();
  return text ? `?${text}` : '';
}

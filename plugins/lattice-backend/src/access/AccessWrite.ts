import { kubernetesTags } from '@lattice-portal/backstage-plugin-lattice-common';
import { parse } from 'yaml';

/** A write that a child asks for, taken apart. */
export interface AccessWrite {
  readonly method: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** Absent for what belongs to no namespace. */
  readonly namespace?: string;
  readonly plural: string;
  /** Absent for a POST to a collection. */
  readonly name?: string;
  readonly subresource?: string;
  /** The object, or the part of it that a patch names; absent without a body. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** There is a body whose meaning is not known here: protobuf, a packed one, or a JSON patch. */
  readonly isOpaque?: boolean;
}

/** Says why a write may not go on to the API server, for people; undefined when it may. */
export type WriteGuard = (write: AccessWrite) => string | undefined;

/** Bodies above this are refused: the API server takes no more than 3 MiB either. */
export const MAX_GUARDED_BODY_BYTES = 8 * 1024 * 1024;

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
const RESOURCE_PATH =
  /^\/(?:api\/(?<core>[^/]+)|apis\/(?<group>[^/]+)\/(?<version>[^/]+))(?:\/namespaces\/(?<namespace>[^/]+)(?=\/[^/]))?\/(?<plural>[^/]+)(?:\/(?<name>[^/]+)(?:\/(?<subresource>.+))?)?$/;
const READABLE =
  /^application\/(json|yaml|apply-patch\+yaml|merge-patch\+json|strategic-merge-patch\+json)\s*(;|$)/;

/** Whether a request changes nothing. */
export function isRead(method: string): boolean {
  return READS.has(method);
}

/**
 * Takes a write apart.
 *
 * @throws Error for people when it cannot be told what is written; the message quotes nothing of the body.
 */
export function readAccessWrite(request: {
  readonly method: string;
  /** With or without a query. */
  readonly path: string;
  readonly contentType: string;
  readonly contentEncoding?: string;
  readonly body: Buffer;
}): AccessWrite {
  const path = decodeURI(request.path.split('?', 1)[0]).replace(/\/+$/, '');
  const found = RESOURCE_PATH.exec(path)?.groups;
  if (!found) {
    throw new Error('it is no path of a resource');
  }
  const { core, group = '', version = core, ...rest } = found;
  const place = {
    method: request.method,
    group,
    version,
    plural: rest.plural,
    ...(rest.namespace ? { namespace: rest.namespace } : {}),
    ...(rest.name ? { name: rest.name } : {}),
    ...(rest.subresource ? { subresource: rest.subresource } : {}),
  };
  const { body, contentType, contentEncoding = 'identity' } = request;
  if (body.length === 0) {
    return place;
  }
  return READABLE.test(contentType) && contentEncoding === 'identity'
    ? { ...place, body: readBody(body) }
    : { ...place, isOpaque: true };
}

function readBody(body: Buffer): Record<string, unknown> {
  const value = parseText(body.toString('utf8'));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('its body is no object');
  }
  return value as Record<string, unknown>;
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: then it must be YAML.
  }
  try {
    return parse(text, {
      version: '1.1',
      uniqueKeys: true,
      maxAliasCount: 0,
      customTags: kubernetesTags,
    });
  } catch {
    throw new Error('its body is neither JSON nor YAML');
  }
}

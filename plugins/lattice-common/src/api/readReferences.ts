import { PathSegment } from './fieldPath';
import { ServiceRef } from './memberModel';
import { Problems } from './problems';
import { WrittenReference } from './schemas/structural';

function split(written: WrittenReference): {
  name: string;
  namespace?: string;
} {
  if (typeof written !== 'string') {
    return written;
  }
  const slash = written.indexOf('/');
  return slash < 0
    ? { name: written }
    : { namespace: written.slice(0, slash), name: written.slice(slash + 1) };
}

/**
 * `{name, namespace}`, `ns/name` or `name`. A missing namespace becomes `home`, except for the bare wildcard,
 * which stays unbounded when `wildcard` is allowed.
 */
export function readReference(
  written: WrittenReference,
  home: string,
  wildcard: boolean,
): ServiceRef {
  const { name, namespace } = split(written);
  if (wildcard && name === '*' && namespace === undefined) {
    return { name };
  }
  return { name, namespace: namespace ?? home };
}

/** {@link readReference} of a list; notes empty names and namespaces. */
export function readReferences(
  written: readonly WrittenReference[] | undefined,
  options: {
    home: string;
    wildcard: boolean;
    path: readonly PathSegment[];
    to: Problems;
  },
): ServiceRef[] {
  return (written ?? []).map((one, index) => {
    const reference = readReference(one, options.home, options.wildcard);
    if (reference.name === '' || reference.namespace === '') {
      options.to.add(
        [...options.path, index],
        'must name an object: write {name, namespace}, "namespace/name" or "name"',
      );
    }
    return reference;
  });
}

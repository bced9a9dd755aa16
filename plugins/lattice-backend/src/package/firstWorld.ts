import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { KINDS } from '../clusters/kinds';
import { admissionGate } from './admissionGate';
import { PackageContext } from './packageContext';
import { hasPackageFinalizer } from './packageFinalizer';
import { PackageWorld } from './PackageWorld';
import { readPackageObject } from './readPackageObject';

/** What a pass knows before it has looked at anything but the object and the caches. */
export function firstWorld(
  object: KubernetesObject,
  {
    connection,
    rules,
    now,
  }: Pick<PackageContext, 'connection' | 'rules' | 'now'>,
): PackageWorld | undefined {
  const read = readPackageObject(object);
  if (!read) {
    return undefined;
  }
  const namespaces = connection.cache(KINDS.Namespace);
  const target = namespaces.get({ name: read.pkg.spec.targetNamespace });
  return {
    pkg: read.pkg,
    now: now(),
    hasFinalizer: hasPackageFinalizer(object),
    namespace: {
      isTerminating: target?.metadata.deletionTimestamp !== undefined,
    },
    admission:
      read.problem ??
      admissionGate(read.pkg, rules.admission, it =>
        namespaces.get({ name: it }),
      ),
  };
}

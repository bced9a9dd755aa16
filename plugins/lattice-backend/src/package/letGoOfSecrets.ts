import {
  KubernetesObject,
  LABEL_OWNER_UID,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { isClusterError } from '../clusters/ClusterError';
import { KINDS } from '../clusters/kinds';
import { deleteUnplannedSecrets, disownSecrets } from '../secrets';
import { PackageContext } from './packageContext';
import { PackagePass } from './PackagePass';

/**
 * The last thing before a package goes: its ExternalSecrets go with it, or stay with the release that stays. Without
 * the owner reference, that is: the collector would take them, and their Secrets from under what runs.
 */
export async function letGoOfSecrets(
  { connection }: Pick<PackageContext, 'connection'>,
  pass: PackagePass,
): Promise<void> {
  const options = {
    client: connection.client,
    pkg: pass.pkg,
    present: await ownExternalSecrets({ connection }, pass),
    signal: pass.signal,
  };
  if (pass.pkg.spec.deletionPolicy === 'Orphan') {
    await disownSecrets(options);
  } else {
    await deleteUnplannedSecrets({ ...options, plannedNames: new Set() });
  }
}

/** From the cache, or, while it is not complete, those of the plan from the server itself: nobody looks again later. */
async function ownExternalSecrets(
  { connection }: Pick<PackageContext, 'connection'>,
  pass: PackagePass,
): Promise<KubernetesObject[]> {
  const plan = pass.plan();
  if (connection.cache(KINDS.ExternalSecret).isComplete || 'isOpen' in plan) {
    return pass.presentExternalSecrets();
  }
  const found: KubernetesObject[] = [];
  for (const { object } of plan.externalSecrets) {
    const { name, namespace = '' } = object.metadata;
    try {
      const live = await connection.client.get(
        KINDS.ExternalSecret,
        { namespace, name },
        { signal: pass.signal },
      );
      found.push(...(live ? [live] : []));
    } catch (error) {
      if (!isClusterError(error, 'NotFound')) {
        throw error;
      }
      return []; // The cluster serves no ExternalSecrets: there are none.
    }
  }
  return found.filter(
    it => it.metadata.labels?.[LABEL_OWNER_UID] === pass.pkg.metadata.uid,
  );
}

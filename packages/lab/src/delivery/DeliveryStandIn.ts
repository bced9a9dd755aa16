import { setTimeout as delay } from 'node:timers/promises';
import { ApiError } from '../cluster/KubernetesClient.ts';
import type {
  KubernetesClient,
  KubernetesObject,
} from '../cluster/KubernetesClient.ts';
import type { ForgeClient } from '../forge/ForgeClient.ts';
import { SYSTEM_NAMESPACE } from '../lab/marker.ts';
import type { Log } from '../parts/types.ts';
import {
  DELIVERED_LABEL,
  deliveredObjects,
  referenceOf,
  sameReference,
} from './deliveredObjects.ts';
import type { ObjectReference } from './deliveredObjects.ts';
import { readArchive } from './readArchive.ts';

/** Field manager of everything that is delivered. */
export const FIELD_MANAGER = 'lab-delivery';

const POLL_MS = 2_000;
/** How often everything is applied again although nothing was merged. */
const RESYNC_MS = 60_000;
const INVENTORY = 'lab-delivery';
const INVENTORY_PATH = `/api/v1/namespaces/${SYSTEM_NAMESPACE}/configmaps/${INVENTORY}`;

/** What the delivery works with. */
export type DeliveryOptions = {
  client: KubernetesClient;
  forge: Pick<ForgeClient, 'mainCommit' | 'archive'>;
  repository: string;
  clusterName: string;
  log: Log;
};

/**
 * Stands in for Flux or Argo CD, in the lab alone: applies what lies below `clusters/<cluster>/` on the forge's main
 * branch, and removes what it once applied and no longer finds there. What cannot be applied is tried again.
 */
export class DeliveryStandIn {
  private readonly options: DeliveryOptions;
  private deliveredCommit?: string;
  private deliveredAt = 0;

  constructor(options: DeliveryOptions) {
    this.options = options;
  }

  /** Works until the signal aborts; `onReady` is called once, after the first round. */
  async run(signal: AbortSignal, onReady: () => void): Promise<void> {
    let isFirst = true;
    while (!signal.aborted) {
      try {
        await this.deliver(signal);
      } catch (error) {
        if (!signal.aborted) {
          this.options.log(`delivery failed: ${describe(error)}`);
        }
      }
      if (isFirst) {
        isFirst = false;
        onReady();
      }
      await delay(POLL_MS, undefined, { signal }).catch(() => {});
    }
  }

  private async deliver(signal: AbortSignal): Promise<void> {
    const { forge, repository, clusterName, log } = this.options;
    const commit = await forge.mainCommit(repository, signal);
    const isDue = Date.now() - this.deliveredAt > RESYNC_MS;
    if (!commit || (commit === this.deliveredCommit && !isDue)) {
      return;
    }
    const files = await readArchive(
      await forge.archive(repository, commit, signal),
    );
    const { objects, problems } = deliveredObjects(files, clusterName);
    const failures = [...problems, ...(await this.applyAll(objects))];
    // A file that cannot be read may hold objects that are in the cluster: removing them would be a guess.
    if (problems.length === 0) {
      failures.push(...(await this.prune(objects.map(referenceOf))));
    }
    failures.forEach(failure => log(failure));
    if (commit !== this.deliveredCommit) {
      log(`${commit}: ${objects.length} objects, ${failures.length} failures`);
    }
    if (failures.length === 0) {
      this.deliveredCommit = commit;
      this.deliveredAt = Date.now();
    }
  }

  private async applyAll(objects: KubernetesObject[]): Promise<string[]> {
    const failures: string[] = [];
    // What is remembered is written first: an object that was applied and not remembered would never be pruned.
    await this.remember(objects.map(referenceOf));
    for (const object of objects) {
      try {
        await this.options.client.apply(object, FIELD_MANAGER);
      } catch (error) {
        failures.push(
          `${object.kind} ${object.metadata.name}: ${describe(error)}`,
        );
      }
    }
    return failures;
  }

  private async prune(wanted: ObjectReference[]): Promise<string[]> {
    const failures: string[] = [];
    const held = await this.inventory();
    for (const reference of held) {
      if (!wanted.some(other => sameReference(reference, other))) {
        try {
          await this.remove(reference);
        } catch (error) {
          failures.push(
            `removing ${reference.kind} ${reference.name}: ${describe(error)}`,
          );
        }
      }
    }
    if (failures.length === 0) {
      await this.writeInventory(wanted);
    }
    return failures;
  }

  /** Removes an object, unless somebody else has made it theirs by taking our label off. */
  private async remove(reference: ObjectReference): Promise<void> {
    const { client } = this.options;
    const { apiVersion, kind, namespace, name } = reference;
    try {
      const path = await client.pathOf({
        apiVersion,
        kind,
        metadata: { namespace, name },
      });
      const object = await client.find(path);
      if (
        object?.metadata.labels?.[DELIVERED_LABEL] === this.options.clusterName
      ) {
        await client.call('DELETE', path, {
          body: { propagationPolicy: 'Background' },
        });
      }
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) {
        throw error;
      }
    }
  }

  private async remember(wanted: ObjectReference[]): Promise<void> {
    const held = await this.inventory();
    const added = wanted.filter(
      reference => !held.some(other => sameReference(reference, other)),
    );
    if (added.length > 0) {
      await this.writeInventory([...held, ...added]);
    }
  }

  private async inventory(): Promise<ObjectReference[]> {
    const { client } = this.options;
    const found = await client.find<
      KubernetesObject & { data?: { objects?: string } }
    >(INVENTORY_PATH);
    return JSON.parse(found?.data?.objects ?? '[]') as ObjectReference[];
  }

  private async writeInventory(references: ObjectReference[]): Promise<void> {
    await this.options.client.apply(
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { namespace: SYSTEM_NAMESPACE, name: INVENTORY },
        data: { objects: JSON.stringify(references) },
      },
      FIELD_MANAGER,
    );
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

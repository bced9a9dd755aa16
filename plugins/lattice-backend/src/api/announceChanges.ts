import { LoggerService } from '@backstage/backend-plugin-api';
import { EventsService } from '@backstage/plugin-events-node';
import { SignalsService } from '@backstage/plugin-signals-node';
import {
  CHANGES_CHANNEL,
  CHANGES_TOPIC,
  ChangeSignal,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { Clusters } from '../clusters/createClusters';
import { Duty } from '../duty/types';

/**
 * Tells browsers and other plugins that a cluster has changed: which one and up to which revision, never what,
 * because any signed-in browser may listen to any channel. Only the replica on duty tells it: every replica watches, and
 * what one publishes reaches the browsers of all.
 *
 * @returns a function that stops it
 */
export function announceChanges(options: {
  clusters: Pick<Clusters, 'get' | 'onChange'>;
  signals: SignalsService;
  events: EventsService;
  duty: Duty;
  logger: LoggerService;
}): () => void {
  const { clusters, signals, events, duty, logger } = options;
  const announce = async ({ cluster, revision }: ChangeSignal) => {
    const message = { cluster, revision };
    try {
      await signals.publish({
        recipients: { type: 'broadcast' },
        channel: CHANGES_CHANNEL,
        message,
      });
      await events.publish({ topic: CHANGES_TOPIC, eventPayload: message });
    } catch (error) {
      // The next change announces a higher revision, and browsers poll without signals.
      logger.warn('A change could not be announced', error as Error);
    }
  };
  const unsubscribes = [
    clusters.onChange(signal => {
      if (duty.isOnDuty(signal.cluster)) {
        void announce(signal);
      }
    }),
    duty.onBegin(cluster => {
      const revision = clusters.get(cluster)?.revision;
      if (revision !== undefined) {
        void announce({ cluster, revision });
      }
    }),
  ];
  return () => unsubscribes.forEach(unsubscribe => unsubscribe());
}

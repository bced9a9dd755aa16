import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import { ClusterResult } from '@lattice-portal/backstage-plugin-lattice-common';
import { formatAge } from '../time/formatAge';
import { useNow } from '../time/useNow';
import { latticeTranslationRef } from '../translation';

/** Props of {@link ClusterNotice}. */
export interface ClusterNoticeProps {
  readonly clusters: readonly ClusterResult[];
}

/** One warning per cluster whose answer is partial or old; nothing when all are whole. */
export function ClusterNotice(props: ClusterNoticeProps) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const now = useNow();
  return (
    <>
      {props.clusters
        .filter(({ complete }) => !complete)
        .map(({ cluster, error, lastSeenAt }) => {
          const age = formatAge(lastSeenAt, now) ?? t('state.never');
          const hint = t('cluster.incompleteHint', { age });
          return (
            <Alert
              key={cluster}
              status="warning"
              icon
              role="status"
              title={t('cluster.incomplete', { cluster })}
              description={error ? `${error} ${hint}` : hint}
            />
          );
        })}
    </>
  );
}

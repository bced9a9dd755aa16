import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { ClusterList } from '@lattice-portal/backstage-plugin-lattice-common';
import { latticeApiRef } from '../apis';
import { useLive } from '../live/useLive';
import { DataTable } from '../state/DataTable';
import { LiveBoundary } from '../state/LiveBoundary';
import { StatusLabel } from '../state/StatusLabel';
import { formatAge } from '../time/formatAge';
import { useNow } from '../time/useNow';
import { latticeTranslationRef } from '../translation';

function ClustersTable(props: { answer: ClusterList }) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const now = useNow();
  return (
    <DataTable
      label={t('fleet.clusters')}
      rows={props.answer.items}
      idOf={row => row.cluster}
      emptyText={props.answer.note ?? t('fleet.noClusters')}
      columns={[
        {
          id: 'cluster',
          label: t('column.cluster'),
          render: row => row.cluster,
        },
        {
          id: 'mode',
          label: t('column.mode'),
          render: row => t(`cluster.${row.mode}`),
        },
        {
          id: 'complete',
          label: t('column.complete'),
          render: row => (
            <StatusLabel
              tone={row.complete ? 'good' : 'bad'}
              text={row.complete ? t('fleet.complete') : t('fleet.partial')}
            />
          ),
        },
        {
          id: 'lastSeen',
          label: t('column.lastSeen'),
          render: row => formatAge(row.lastSeenAt, now) ?? t('state.never'),
        },
        {
          id: 'message',
          label: t('column.message'),
          render: row => row.error ?? '',
        },
      ]}
    />
  );
}

/** The clusters of the fleet and how well each answers. */
export function ClustersList() {
  const api = useApi(latticeApiRef);
  const live = useLive<ClusterList>({
    id: 'clusters',
    load: () => api.listClusters(),
    clustersOf: answer => answer.items,
  });
  return (
    <LiveBoundary live={live}>
      {answer => <ClustersTable answer={answer} />}
    </LiveBoundary>
  );
}

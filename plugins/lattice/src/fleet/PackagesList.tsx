import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex } from '@backstage/ui';
import {
  ListAnswer,
  PackageSummary,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { latticeApiRef } from '../apis';
import { formatFleetKey } from '../entity/parseFleetKeys';
import { useLive } from '../live/useLive';
import { ClusterNotice } from '../state/ClusterNotice';
import { DataColumn, DataTable } from '../state/DataTable';
import { LiveBoundary } from '../state/LiveBoundary';
import { StatusLabel } from '../state/StatusLabel';
import { phaseTone } from '../state/phaseTone';
import { latticeTranslationRef } from '../translation';
import { FilterBar } from './FilterBar';
import { FleetLink } from './FleetLink';
import { filterFleet, useFleetFilter } from './useFleetFilter';

type Answer = ListAnswer<PackageSummary>;

function useColumns(answer: Answer): DataColumn<PackageSummary>[] {
  const { t } = useTranslationRef(latticeTranslationRef);
  const isComplete = (name: string) =>
    answer.clusters.find(({ cluster }) => cluster === name)?.complete ?? false;
  return [
    {
      id: 'name',
      label: t('column.name'),
      render: row => (
        <FleetLink to="package" target={row}>
          {row.name}
        </FleetLink>
      ),
    },
    {
      id: 'namespace',
      label: t('column.namespace'),
      render: row => row.namespace,
    },
    { id: 'cluster', label: t('column.cluster'), render: row => row.cluster },
    {
      id: 'chart',
      label: t('column.chart'),
      render: row => `${row.chart} ${row.runningVersion ?? row.version}`,
    },
    {
      id: 'phase',
      label: t('column.phase'),
      render: row => (
        <StatusLabel
          tone={phaseTone(row.phase, isComplete(row.cluster))}
          text={t(`phase.${row.phase}`)}
        />
      ),
    },
    {
      id: 'message',
      label: t('column.message'),
      render: row => row.message ?? '',
    },
    { id: 'owner', label: t('column.owner'), render: row => row.owner ?? '' },
  ];
}

function PackagesTable(props: { answer: Answer }) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const { clusters, items, note } = props.answer;
  const columns = useColumns(props.answer);
  const { change, filter } = useFleetFilter();
  const rows = filterFleet(items, filter, row => [
    row.name,
    row.namespace,
    row.chart,
    row.phase,
    row.owner,
  ]);
  return (
    <Flex direction="column" gap="4">
      <ClusterNotice clusters={clusters} />
      <FilterBar
        filter={filter}
        clusters={clusters}
        shown={rows.length}
        total={items.length}
        onChange={change}
      />
      <DataTable
        label={t('fleet.packages')}
        columns={columns}
        rows={rows}
        idOf={formatFleetKey}
        emptyText={
          items.length > 0 ? t('fleet.noMatch') : note ?? t('fleet.noPackages')
        }
      />
    </Flex>
  );
}

/** Every package that the reader may see, on all clusters. */
export function PackagesList() {
  const api = useApi(latticeApiRef);
  const live = useLive<Answer>({
    id: 'packages',
    load: () => api.listPackages(),
    clustersOf: answer => answer.clusters,
  });
  return (
    <LiveBoundary live={live}>
      {answer => <PackagesTable answer={answer} />}
    </LiveBoundary>
  );
}

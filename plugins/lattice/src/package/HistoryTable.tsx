import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { PackageHistoryEntry } from '@lattice-portal/backstage-plugin-lattice-common';
import { DataTable } from '../state/DataTable';
import { formatAge } from '../time/formatAge';
import { useNow } from '../time/useNow';
import { latticeTranslationRef } from '../translation';

/** Props of {@link HistoryTable}. */
export interface HistoryTableProps {
  readonly history: readonly PackageHistoryEntry[];
}

/** Finished revisions, newest first. */
export function HistoryTable(props: HistoryTableProps) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const now = useNow();
  return (
    <DataTable
      label={t('package.history')}
      rows={props.history}
      idOf={row => `${row.revision}-${row.finishedAt}`}
      emptyText={t('package.noHistory')}
      columns={[
        {
          id: 'revision',
          label: t('column.revision'),
          render: row => row.revision,
        },
        { id: 'action', label: t('column.action'), render: row => row.verb },
        {
          id: 'chart',
          label: t('column.chart'),
          render: row => `${row.chart} ${row.version}`,
        },
        { id: 'result', label: t('column.result'), render: row => row.status },
        {
          id: 'finished',
          label: t('column.finished'),
          render: row => (
            <time dateTime={row.finishedAt} title={row.finishedAt}>
              {formatAge(row.finishedAt, now) ?? row.finishedAt}
            </time>
          ),
        },
      ]}
    />
  );
}

import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import {
  EdgeState,
  ObjectKey,
  formatKey,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { DataColumn, DataTable } from '../state/DataTable';
import { StatusLabel, Tone } from '../state/StatusLabel';
import { formatAge } from '../time/formatAge';
import { useNow } from '../time/useNow';
import { latticeTranslationRef } from '../translation';
import { EdgeRow } from './edgeRows';

/** How each state of an agreement is to be taken. */
export const EDGE_TONES: Readonly<Record<EdgeState, Tone>> = {
  enforced: 'good',
  agreed: 'busy',
  halfCaller: 'busy',
  halfCallee: 'busy',
  refused: 'bad',
  unknown: 'quiet',
};

/** Props of {@link AgreementTable}. */
export interface AgreementTableProps {
  readonly self: ObjectKey;
  readonly rows: readonly EdgeRow[];
  onSelect(id: string): void;
}

function useColumns(
  onSelect: AgreementTableProps['onSelect'],
): DataColumn<EdgeRow>[] {
  const { t } = useTranslationRef(latticeTranslationRef);
  const now = useNow();
  return [
    {
      id: 'peer',
      label: t('column.peer'),
      render: row =>
        row.peer.name === '*'
          ? t('mesh.anyService', { namespace: row.peer.namespace })
          : formatKey(row.peer),
    },
    {
      id: 'direction',
      label: t('column.direction'),
      render: row => t(`mesh.${row.direction}`),
    },
    {
      id: 'state',
      label: t('column.state'),
      render: row => (
        <StatusLabel
          tone={EDGE_TONES[row.state]}
          text={t(`edge.${row.state}`)}
        />
      ),
    },
    {
      id: 'reason',
      label: t('column.reason'),
      render: row => (row.isStale ? t('edge.staleReason') : row.reason),
    },
    {
      id: 'since',
      label: t('column.since'),
      render: row => formatAge(row.since, now) ?? '',
    },
    {
      id: 'details',
      label: t('column.details'),
      render: row => (
        <Button
          size="small"
          variant="tertiary"
          aria-label={t('mesh.showEdge', {
            caller: formatKey(row.caller),
            callee: formatKey(row.callee),
            state: t(`edge.${row.state}`),
          })}
          onPress={() => onSelect(row.id)}
        >
          {t('mesh.open')}
        </Button>
      ),
    },
  ];
}

/** The same agreements as the graph, for reading and for the keyboard. */
export function AgreementTable(props: AgreementTableProps) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const columns = useColumns(props.onSelect);
  return (
    <DataTable
      label={t('mesh.tableLabel', { key: formatKey(props.self) })}
      columns={columns}
      rows={props.rows}
      idOf={row => row.id}
      emptyText={t('mesh.noEdges')}
    />
  );
}

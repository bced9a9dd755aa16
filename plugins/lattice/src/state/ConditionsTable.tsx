import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Condition } from '@lattice-portal/backstage-plugin-lattice-common';
import { formatAge } from '../time/formatAge';
import { useNow } from '../time/useNow';
import { latticeTranslationRef } from '../translation';
import { DataTable } from './DataTable';
import { StatusLabel, Tone } from './StatusLabel';

const TONES: Record<Condition['status'], Tone> = {
  True: 'good',
  False: 'bad',
  Unknown: 'quiet',
};

/** Props of {@link ConditionsTable}. */
export interface ConditionsTableProps {
  readonly conditions: readonly Condition[];
}

/** The conditions as the controller reports them. */
export function ConditionsTable(props: ConditionsTableProps) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const now = useNow();
  return (
    <DataTable
      label={t('package.conditions')}
      rows={props.conditions}
      idOf={condition => condition.type}
      emptyText={t('package.noConditions')}
      columns={[
        { id: 'type', label: t('column.type'), render: row => row.type },
        {
          id: 'status',
          label: t('column.status'),
          render: row => (
            <StatusLabel tone={TONES[row.status]} text={row.status} />
          ),
        },
        { id: 'reason', label: t('column.reason'), render: row => row.reason },
        {
          id: 'message',
          label: t('column.message'),
          render: row => row.message,
        },
        {
          id: 'since',
          label: t('column.since'),
          render: row => formatAge(row.lastTransitionTime, now) ?? '',
        },
      ]}
    />
  );
}

import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { SecretRow } from '@lattice-portal/backstage-plugin-lattice-common';
import { DataTable } from '../state/DataTable';
import { StatusLabel, Tone } from '../state/StatusLabel';
import { latticeTranslationRef } from '../translation';

const TONES: Record<SecretRow['state'], Tone> = {
  resolved: 'good',
  waiting: 'busy',
  denied: 'bad',
  stale: 'bad',
};

/** Props of {@link SecretsTable}. */
export interface SecretsTableProps {
  readonly secrets: readonly SecretRow[];
}

/** Which secrets the package refers to and whether they are there; never a value. */
export function SecretsTable(props: SecretsTableProps) {
  const { t } = useTranslationRef(latticeTranslationRef);
  return (
    <DataTable
      label={t('package.secrets')}
      rows={props.secrets}
      idOf={row => row.resource}
      emptyText={t('package.noSecrets')}
      columns={[
        {
          id: 'resource',
          label: t('column.resource'),
          render: row => row.resource,
        },
        {
          id: 'store',
          label: t('column.store'),
          render: row => row.provider ?? t('secret.defaultStore'),
        },
        {
          id: 'key',
          label: t('column.remoteKey'),
          render: row => row.remoteKey ?? t('state.unknown'),
        },
        {
          id: 'keys',
          label: t('column.keys'),
          render: row => row.keys?.join(', ') ?? t('secret.allKeys'),
        },
        {
          id: 'state',
          label: t('column.state'),
          render: row => (
            <StatusLabel
              tone={TONES[row.state]}
              text={t(`secret.${row.state}`)}
            />
          ),
        },
        {
          id: 'message',
          label: t('column.message'),
          render: row => row.message ?? '',
        },
      ]}
    />
  );
}

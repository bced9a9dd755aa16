import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { PackageDetail } from '@lattice-portal/backstage-plugin-lattice-common';
import { DataTable } from '../state/DataTable';
import { latticeTranslationRef } from '../translation';

/** Props of {@link ObjectsTable}. */
export interface ObjectsTableProps {
  readonly objects: PackageDetail['objects'];
}

/** What the release put on the cluster. */
export function ObjectsTable(props: ObjectsTableProps) {
  const { t } = useTranslationRef(latticeTranslationRef);
  return (
    <DataTable
      label={t('package.objects')}
      rows={props.objects}
      idOf={row => `${row.kind}/${row.namespace ?? ''}/${row.name}`}
      emptyText={t('package.noObjects')}
      columns={[
        { id: 'name', label: t('column.name'), render: row => row.name },
        { id: 'kind', label: t('column.kind'), render: row => row.kind },
        {
          id: 'namespace',
          label: t('column.namespace'),
          render: row => row.namespace ?? t('state.none'),
        },
      ]}
    />
  );
}

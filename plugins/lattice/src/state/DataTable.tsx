import { Text } from '@backstage/ui';
import { ReactNode } from 'react';
import styles from './DataTable.module.css';

/** One column; the first one is the row's header. */
export interface DataColumn<T> {
  readonly id: string;
  readonly label: string;
  render(row: T): ReactNode;
}

/** Props of {@link DataTable}. */
export interface DataTableProps<T> {
  /** Read out by screen readers. */
  readonly label: string;
  readonly columns: readonly DataColumn<T>[];
  readonly rows: readonly T[];
  idOf(row: T): string;
  readonly emptyText: string;
}

/**
 * A named table whose first column heads each row.
 *
 * @remarks
 * A plain table and not the kit's grid: these rows are read, not edited, and in a grid the Tab key reaches the links and
 * buttons of a row only by way of arrow keys.
 */
export function DataTable<T>(props: DataTableProps<T>) {
  const { columns, emptyText, idOf, label, rows } = props;
  if (rows.length === 0) {
    return <Text color="secondary">{emptyText}</Text>;
  }
  return (
    <div className={styles.scroll}>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map(column => (
              <th key={column.id} scope="col" className={styles.head}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <DataRow key={idOf(row)} row={row} columns={columns} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function DataRow<T>(props: { row: T; columns: readonly DataColumn<T>[] }) {
  const [first, ...others] = props.columns;
  return (
    <tr className={styles.row}>
      <th scope="row" className={styles.cell}>
        {first.render(props.row)}
      </th>
      {others.map(column => (
        <td key={column.id} className={styles.cell}>
          {column.render(props.row)}
        </td>
      ))}
    </tr>
  );
}

import {
  Cell,
  Column,
  Row,
  TableBody,
  TableHeader,
  TableRoot,
  Text,
} from '@backstage/ui';
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

/** A named table whose first column heads each row. */
export function DataTable<T extends object>(props: DataTableProps<T>) {
  const { label, columns, rows, idOf, emptyText } = props;
  if (rows.length === 0) {
    return <Text color="secondary">{emptyText}</Text>;
  }
  return (
    <div className={styles.scroll}>
      <TableRoot aria-label={label}>
        <TableHeader>
          {columns.map((column, index) => (
            <Column key={column.id} id={column.id} isRowHeader={index === 0}>
              {column.label}
            </Column>
          ))}
        </TableHeader>
        <TableBody>
          {rows.map(row => (
            <Row key={idOf(row)} id={idOf(row)}>
              {columns.map(column => (
                <Cell key={column.id} className={styles.cell}>
                  {column.render(row)}
                </Cell>
              ))}
            </Row>
          ))}
        </TableBody>
      </TableRoot>
    </div>
  );
}

import { ReactNode } from 'react';
import styles from './Facts.module.css';

/** Props of {@link Facts}. */
export interface FactsProps {
  readonly facts: readonly {
    readonly label: string;
    readonly value: ReactNode;
  }[];
}

/** Labels with values, as a description list. */
export function Facts(props: FactsProps) {
  return (
    <dl className={styles.facts}>
      {props.facts.map(({ label, value }) => (
        <div key={label} className={styles.fact}>
          <dt className={styles.label}>{label}</dt>
          <dd className={styles.value}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

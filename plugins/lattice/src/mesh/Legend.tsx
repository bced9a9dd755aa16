import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EdgeState } from '@lattice-portal/backstage-plugin-lattice-common';
import { latticeTranslationRef } from '../translation';
import styles from './Legend.module.css';
import { COLOURS, DASHES, LINE_LENGTH } from './edgeStyle';

function Sample(props: { state: EdgeState }) {
  return (
    <svg className={styles.sample} viewBox="0 0 96 8" aria-hidden="true">
      <path
        d="M0 4 H96"
        fill="none"
        strokeWidth={2.5}
        pathLength={LINE_LENGTH}
        strokeDasharray={DASHES[props.state]}
        style={{ stroke: COLOURS[props.state] }}
      />
    </svg>
  );
}

/** What the lines mean, and what they do not. */
export function Legend() {
  const { t } = useTranslationRef(latticeTranslationRef);
  const items: { state: EdgeState; text: string }[] = [
    {
      state: 'enforced',
      text: `${t('mesh.legendEnforced')} (${t('mesh.legend')})`,
    },
    { state: 'agreed', text: t('mesh.legendAgreed') },
    { state: 'halfCaller', text: t('mesh.legendHalf') },
    { state: 'refused', text: t('mesh.legendRefused') },
    { state: 'unknown', text: t('mesh.legendUnknown') },
  ];
  return (
    <ul className={styles.legend}>
      {items.map(({ state, text }) => (
        <li key={state} className={styles.item}>
          <Sample state={state} />
          {text}
        </li>
      ))}
    </ul>
  );
}

import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { formatKey } from '@lattice-portal/backstage-plugin-lattice-common';
import {
  Edge,
  EdgeLabelRenderer,
  EdgeProps,
  getBezierPath,
} from '@xyflow/react';
import { latticeTranslationRef } from '../translation';
import styles from './AgreementGraph.module.css';
import { EdgeRow } from './edgeRows';
import { COLOURS, DASHES, LINE_LENGTH } from './edgeStyle';

/** What a line shows and does. */
export type AgreementLineData = {
  readonly row: EdgeRow;
  readonly isSelected: boolean;
  onSelect(id: string): void;
};

/** One agreement: solid when enforced, half a line when one side declared it, with its state as a button. */
export function AgreementLine(props: EdgeProps<Edge<AgreementLineData>>) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const [path, labelX, labelY] = getBezierPath(props);
  if (!props.data) return null;
  const { isSelected, onSelect, row } = props.data;
  const state = t(`edge.${row.state}`);
  return (
    <>
      <path
        d={path}
        className={styles.line}
        pathLength={LINE_LENGTH}
        strokeDasharray={DASHES[row.state]}
        style={{ stroke: COLOURS[row.state] }}
        aria-hidden="true"
      />
      <EdgeLabelRenderer>
        <button
          type="button"
          className={`nodrag nopan ${styles.label} ${
            isSelected ? styles.selected : ''
          }`}
          style={{
            transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)`,
          }}
          aria-pressed={isSelected}
          aria-label={t('mesh.showEdge', {
            caller: formatKey(row.caller),
            callee: formatKey(row.callee),
            state,
          })}
          onClick={() => onSelect(row.id)}
        >
          {state}
        </button>
      </EdgeLabelRenderer>
    </>
  );
}

import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { VisuallyHidden } from '@backstage/ui';
import {
  ObjectKey,
  formatKey,
} from '@lattice-portal/backstage-plugin-lattice-common';
import {
  Controls,
  Edge,
  Node,
  Position,
  ReactFlow,
  ReactFlowProvider,
} from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { useMemo } from 'react';
import { latticeTranslationRef } from '../translation';
import { AgreementLine, AgreementLineData } from './AgreementLine';
import { AgreementNode, AgreementNodeData } from './AgreementNode';
import styles from './AgreementGraph.module.css';
import { EdgeRow } from './edgeRows';
import { NODE_SIZE, PlacedGraph, layoutGraph } from './layoutGraph';

/** Props of {@link AgreementGraph}. */
export interface AgreementGraphProps {
  readonly self: ObjectKey;
  readonly rows: readonly EdgeRow[];
  readonly selectedId: string | undefined;
  onSelect(id: string): void;
}

const NODE_TYPES = { agreement: AgreementNode };
const EDGE_TYPES = { agreement: AgreementLine };
const ROW_HEIGHT = 84;
const HEIGHT_LIMITS = { least: 220, most: 560 };

const HANDLES = [
  { type: 'target' as const, position: Position.Left, x: 0 },
  { type: 'source' as const, position: Position.Right, x: NODE_SIZE.width },
].map(handle => ({ ...handle, y: NODE_SIZE.height / 2, width: 1, height: 1 }));

function toNodes(
  graph: PlacedGraph,
  labelOf: (role: string) => string,
): Node<AgreementNodeData>[] {
  return graph.nodes.map(({ id, key, role, x, y }) => ({
    id,
    type: 'agreement',
    position: { x, y },
    data: { objectKey: key, role },
    ...NODE_SIZE,
    handles: HANDLES,
    draggable: false,
    connectable: false,
    selectable: false,
    focusable: true,
    ariaLabel: [formatKey(key), labelOf(role)].filter(Boolean).join(', '),
  }));
}

function toEdges(
  graph: PlacedGraph,
  props: AgreementGraphProps,
): Edge<AgreementLineData>[] {
  return graph.edges.map(({ row, source, target }) => ({
    id: row.id,
    type: 'agreement',
    source,
    target,
    focusable: false,
    selectable: false,
    data: {
      row,
      isSelected: row.id === props.selectedId,
      onSelect: props.onSelect,
    },
  }));
}

/** Agreements as a graph. The table beside it holds the same rows. Loaded only when shown. */
export function AgreementGraph(props: AgreementGraphProps) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const { rows, self } = props;
  const graph = useMemo(() => layoutGraph(self, rows), [self, rows]);
  const tallest = Math.max(
    ...(['inbound', 'outbound'] as const).map(
      side => rows.filter(({ direction }) => direction === side).length,
    ),
  );
  const height = Math.min(
    HEIGHT_LIMITS.most,
    Math.max(HEIGHT_LIMITS.least, tallest * ROW_HEIGHT + 60),
  );
  const roles: Record<string, string> = {
    caller: t('mesh.inbound'),
    callee: t('mesh.outbound'),
  };
  return (
    <div
      className={styles.canvas}
      style={{ height }}
      role="group"
      aria-label={t('mesh.graphLabel', { key: formatKey(self) })}
    >
      <VisuallyHidden>{t('mesh.graphHint')}</VisuallyHidden>
      <ReactFlowProvider>
        <ReactFlow
          nodes={toNodes(graph, role => roles[role] ?? '')}
          edges={toEdges(graph, props)}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          fitView
          fitViewOptions={{ padding: 0.12, maxZoom: 1 }}
          minZoom={0.3}
          maxZoom={1.5}
          nodesDraggable={false}
          nodesConnectable={false}
          edgesFocusable={false}
          preventScrolling={false}
          zoomOnScroll={false}
          proOptions={{ hideAttribution: false }}
        >
          <Controls showInteractive={false} />
        </ReactFlow>
      </ReactFlowProvider>
    </div>
  );
}

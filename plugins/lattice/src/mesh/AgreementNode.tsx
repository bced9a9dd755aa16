import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ObjectKey } from '@lattice-portal/backstage-plugin-lattice-common';
import { Handle, Node, NodeProps, Position } from '@xyflow/react';
import { latticeTranslationRef } from '../translation';
import styles from './AgreementGraph.module.css';

/** What a node shows. */
export type AgreementNodeData = {
  readonly objectKey: ObjectKey;
  readonly role: 'caller' | 'self' | 'callee';
};

/** A member, or a peer exactly as the near side wrote it. */
export function AgreementNode(props: NodeProps<Node<AgreementNodeData>>) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const { objectKey, role } = props.data;
  const { name, namespace } = objectKey;
  return (
    <div className={`${styles.node} ${role === 'self' ? styles.self : ''}`}>
      <Handle
        type="target"
        position={Position.Left}
        className={styles.handle}
      />
      <span className={styles.name}>
        {name === '*' ? t('mesh.anyService', { namespace }) : name}
      </span>
      <span className={styles.namespace}>{namespace}</span>
      <Handle
        type="source"
        position={Position.Right}
        className={styles.handle}
      />
    </div>
  );
}

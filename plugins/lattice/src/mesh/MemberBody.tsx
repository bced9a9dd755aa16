import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Flex, Text, VisuallyHidden } from '@backstage/ui';
import {
  DetailAnswer,
  MemberDetail,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { useMemo } from 'react';
import { ClusterNotice } from '../state/ClusterNotice';
import { ConditionsTable } from '../state/ConditionsTable';
import { Section } from '../state/Section';
import { StatusLabel } from '../state/StatusLabel';
import { phaseTone } from '../state/phaseTone';
import { latticeTranslationRef } from '../translation';
import { Agreements } from './Agreements';
import { Exposure } from './Exposure';
import { Policies } from './Policies';
import { EdgeRow, edgeRows } from './edgeRows';

/** Props of {@link MemberBody}. */
export interface MemberBodyProps {
  readonly answer: DetailAnswer<MemberDetail>;
}

function MemberHeading(props: MemberBodyProps & { rows: readonly EdgeRow[] }) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const { cluster, item } = props.answer;
  const enforced = props.rows.filter(
    ({ state }) => state === 'enforced',
  ).length;
  const counts = {
    enforced: String(enforced),
    open: String(props.rows.length - enforced),
  };
  return (
    <>
      <Flex align="center" gap="3">
        <Text as="h2" variant="title-small">
          {item.name}
        </Text>
        <StatusLabel
          tone={phaseTone(item.phase, cluster.complete)}
          text={item.phase}
        />
        <Text color="secondary">
          {item.cluster} / {item.namespace} · {item.kind}
        </Text>
      </Flex>
      <Text>{t('card.edges', counts)}</Text>
      <VisuallyHidden>
        <span aria-live="polite">
          {t('mesh.statusChanged', { name: item.name, ...counts })}
        </span>
      </VisuallyHidden>
    </>
  );
}

/** Everything that is known of one mesh member. */
export function MemberBody(props: MemberBodyProps) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const { cluster, item } = props.answer;
  const rows = useMemo(() => edgeRows(item.edges, cluster), [item, cluster]);
  const { name, namespace } = item;
  const self = useMemo(() => ({ name, namespace }), [name, namespace]);
  return (
    <Flex direction="column" gap="4">
      <MemberHeading answer={props.answer} rows={rows} />
      <ClusterNotice clusters={[cluster]} />
      {item.message && item.phase !== 'Ready' && (
        <Alert status="warning" icon role="status" title={item.message} />
      )}
      <Agreements self={self} rows={rows} />
      <Exposure member={item} rows={rows} />
      <Policies policies={item.policies} />
      <Section title={t('mesh.conditions')}>
        <ConditionsTable conditions={item.conditions} />
      </Section>
    </Flex>
  );
}

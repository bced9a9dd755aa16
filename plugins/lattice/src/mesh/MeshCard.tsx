import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, Text } from '@backstage/ui';
import {
  ANNOTATION_MEMBER,
  FleetKey,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { formatFleetKey } from '../entity/parseFleetKeys';
import { FleetLink } from '../fleet/FleetLink';
import { InvalidParts } from '../state/AnnotationMissing';
import { ClusterNotice } from '../state/ClusterNotice';
import { LiveBoundary } from '../state/LiveBoundary';
import { Section } from '../state/Section';
import { StatusLabel } from '../state/StatusLabel';
import { phaseTone } from '../state/phaseTone';
import { latticeTranslationRef } from '../translation';
import { useMember } from './MemberView';
import { edgeRows } from './edgeRows';
import { useMemberKeys } from './useMemberKeys';

function MemberLine(props: { target: FleetKey }) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const { target } = props;
  const live = useMember(target);
  return (
    <LiveBoundary
      live={live}
      asked={{ key: formatFleetKey(target), namespace: target.namespace }}
    >
      {({ cluster, item }) => {
        const rows = edgeRows(item.edges, cluster);
        const enforced = rows.filter(
          ({ state }) => state === 'enforced',
        ).length;
        return (
          <Flex direction="column" gap="2">
            <ClusterNotice clusters={[cluster]} />
            <FleetLink to="member" target={target}>
              {formatFleetKey(target)}
            </FleetLink>
            <StatusLabel
              tone={phaseTone(item.phase, cluster.complete)}
              text={item.phase}
            />
            <Text variant="body-small">
              {t('card.edges', {
                enforced: String(enforced),
                open: String(rows.length - enforced),
              })}
            </Text>
          </Flex>
        );
      }}
    </LiveBoundary>
  );
}

/** Overview card: the agreements of the entity's members in a few lines. @public */
export function MeshCard() {
  const { t } = useTranslationRef(latticeTranslationRef);
  const { invalid, keys } = useMemberKeys();
  return (
    <Section title={t('card.meshTitle')}>
      <Flex direction="column" gap="4">
        <InvalidParts annotation={ANNOTATION_MEMBER} invalid={invalid} />
        {keys.map(key => (
          <MemberLine key={formatFleetKey(key)} target={key} />
        ))}
      </Flex>
    </Section>
  );
}

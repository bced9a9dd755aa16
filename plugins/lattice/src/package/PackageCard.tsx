import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { Flex, Text } from '@backstage/ui';
import {
  ANNOTATION_PACKAGE,
  FleetKey,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { formatFleetKey, parseFleetKeys } from '../entity/parseFleetKeys';
import { FleetLink } from '../fleet/FleetLink';
import { InvalidParts } from '../state/AnnotationMissing';
import { ClusterNotice } from '../state/ClusterNotice';
import { LiveBoundary } from '../state/LiveBoundary';
import { Section } from '../state/Section';
import { StatusLabel } from '../state/StatusLabel';
import { phaseTone } from '../state/phaseTone';
import { latticeTranslationRef } from '../translation';
import { usePackage } from './PackageView';

function PackageLine(props: { target: FleetKey }) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const { target } = props;
  const live = usePackage(target);
  return (
    <LiveBoundary
      live={live}
      asked={{ key: formatFleetKey(target), namespace: target.namespace }}
    >
      {({ cluster, item }) => (
        <Flex direction="column" gap="2">
          <ClusterNotice clusters={[cluster]} />
          <FleetLink to="package" target={target}>
            {formatFleetKey(target)}
          </FleetLink>
          <StatusLabel
            tone={phaseTone(item.phase, cluster.complete)}
            text={t(`phase.${item.phase}`)}
          />
          <Text variant="body-small">
            {item.chart} {item.runningVersion ?? t('package.notYetRunning')}
          </Text>
          {item.message && <Text variant="body-small">{item.message}</Text>}
        </Flex>
      )}
    </LiveBoundary>
  );
}

/** Overview card: the state of the entity's packages in a few lines. @public */
export function PackageCard() {
  const { t } = useTranslationRef(latticeTranslationRef);
  const { entity } = useEntity();
  const { invalid, keys } = parseFleetKeys(
    entity.metadata.annotations?.[ANNOTATION_PACKAGE],
  );
  return (
    <Section title={t('card.packageTitle')}>
      <Flex direction="column" gap="4">
        <InvalidParts annotation={ANNOTATION_PACKAGE} invalid={invalid} />
        {keys.map(key => (
          <PackageLine key={formatFleetKey(key)} target={key} />
        ))}
      </Flex>
    </Section>
  );
}

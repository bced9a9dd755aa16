import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, Text, VisuallyHidden } from '@backstage/ui';
import {
  DetailAnswer,
  PackageDetail,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { ClusterNotice } from '../state/ClusterNotice';
import { ConditionsTable } from '../state/ConditionsTable';
import { Section } from '../state/Section';
import { StatusLabel } from '../state/StatusLabel';
import { phaseTone } from '../state/phaseTone';
import { latticeTranslationRef } from '../translation';
import { BlockedBy } from './BlockedBy';
import { HistoryTable } from './HistoryTable';
import { MemberLinks } from './MemberLinks';
import { ObjectsTable } from './ObjectsTable';
import { Placement } from './Placement';
import { SecretsTable } from './SecretsTable';
import { Stages } from './Stages';

/** Props of {@link PackageBody}. */
export interface PackageBodyProps {
  readonly answer: DetailAnswer<PackageDetail>;
}

function PackageHeading(props: PackageBodyProps) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const { cluster, item } = props.answer;
  const phase = t(`phase.${item.phase}`);
  return (
    <>
      <Flex align="center" gap="3">
        <Text as="h2" variant="title-small">
          {item.name}
        </Text>
        <StatusLabel
          tone={phaseTone(item.phase, cluster.complete)}
          text={phase}
        />
      </Flex>
      <VisuallyHidden>
        <span aria-live="polite">
          {t('package.statusChanged', { name: item.name, phase })}
        </span>
      </VisuallyHidden>
    </>
  );
}

/** Everything that is known of one package. */
export function PackageBody(props: PackageBodyProps) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const { cluster, item } = props.answer;
  return (
    <Flex direction="column" gap="4">
      <PackageHeading {...props} />
      <ClusterNotice clusters={[cluster]} />
      <BlockedBy detail={item} />
      <Placement detail={item} cluster={cluster} />
      <Stages stages={item.stages} />
      <Section title={t('package.secrets')}>
        <SecretsTable secrets={item.secrets} />
      </Section>
      <Section title={t('package.members')}>
        <MemberLinks cluster={item.cluster} members={item.members} />
      </Section>
      <Section title={t('package.history')}>
        <HistoryTable history={item.history} />
      </Section>
      <Section title={t('package.objects')}>
        <ObjectsTable objects={item.objects} />
      </Section>
      <Section title={t('package.conditions')}>
        <ConditionsTable conditions={item.conditions} />
      </Section>
    </Flex>
  );
}

import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  ClusterResult,
  PackageDetail,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { Facts } from '../state/Facts';
import { Section } from '../state/Section';
import { formatAge } from '../time/formatAge';
import { useNow } from '../time/useNow';
import { latticeTranslationRef } from '../translation';

/** Props of {@link Placement}. */
export interface PlacementProps {
  readonly detail: PackageDetail;
  readonly cluster: ClusterResult;
}

function useOptionalFacts(detail: PackageDetail) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const now = useNow();
  const facts: { label: string; value: string | undefined }[] = [
    {
      label: t('package.installedInto'),
      value:
        detail.targetNamespace === detail.namespace
          ? undefined
          : detail.targetNamespace,
    },
    { label: t('package.revision'), value: detail.revision?.toString() },
    { label: t('package.owner'), value: detail.owner },
    { label: t('package.source'), value: detail.source },
    { label: t('package.created'), value: formatAge(detail.createdAt, now) },
  ];
  return facts.filter(({ value }) => value !== undefined);
}

/** Where the package runs, what runs and what is wanted, and how old this knowledge is. */
export function Placement(props: PlacementProps) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const now = useNow();
  const { cluster, detail } = props;
  const optional = useOptionalFacts(detail);
  const mode = t(`cluster.${cluster.mode}`);
  return (
    <Section title={t('package.placement')}>
      <Facts
        facts={[
          {
            label: t('package.location'),
            value: `${detail.cluster} / ${detail.namespace} (${mode})`,
          },
          {
            label: t('package.chart'),
            value: `${detail.repository}/${detail.chart}`,
          },
          {
            label: t('package.runningVersion'),
            value: detail.runningVersion ?? t('package.notYetRunning'),
          },
          { label: t('package.wantedVersion'), value: detail.version },
          {
            label: t('package.dataAge'),
            value: formatAge(cluster.lastSeenAt, now) ?? t('state.unknown'),
          },
          ...optional,
        ]}
      />
    </Section>
  );
}

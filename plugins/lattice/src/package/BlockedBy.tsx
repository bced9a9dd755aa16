import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Accordion,
  AccordionPanel,
  AccordionTrigger,
  Alert,
  Flex,
} from '@backstage/ui';
import {
  PackageDetail,
  PackageStage,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { latticeTranslationRef } from '../translation';
import { Blocker, findBlocker } from './findBlocker';

/** Props of {@link BlockedBy}. */
export interface BlockedByProps {
  readonly detail: PackageDetail;
}

function useTitle(blocker: Blocker): string {
  const { t } = useTranslationRef(latticeTranslationRef);
  const stage = t(`stage.${blocker.stage.name}`);
  if (blocker.kind === 'noMember') return t('package.noMemberTitle');
  if (blocker.kind === 'waiting') return t('package.waitingTitle', { stage });
  const reason = blocker.stage.reason ?? t('stage.failed');
  return t('package.blockedTitle', { stage, reason });
}

function OtherStages(props: { others: readonly PackageStage[] }) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const { others } = props;
  if (others.length === 0) return null;
  return (
    <Accordion>
      <AccordionTrigger
        title={t('package.details', { total: String(others.length) })}
      />
      <AccordionPanel>
        <ul>
          {others.map(({ name, message, reason }) => (
            <li key={name}>
              {t(`stage.${name}`)}: {message ?? reason ?? t('state.unknown')}
            </li>
          ))}
        </ul>
      </AccordionPanel>
    </Accordion>
  );
}

function BlockerStrip(props: { blocker: Blocker }) {
  const { blocker } = props;
  const title = useTitle(blocker);
  return (
    <Flex direction="column" gap="2">
      <Alert
        status={blocker.kind === 'failed' ? 'warning' : 'info'}
        icon
        role="status"
        title={title}
        description={blocker.stage.message ?? blocker.stage.reason}
      />
      <OtherStages others={blocker.others} />
    </Flex>
  );
}

/** The strip on top: what holds the package up, root cause first. Nothing when all is well. */
export function BlockedBy(props: BlockedByProps) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const { detail } = props;
  const blocker = findBlocker(detail);
  return (
    <>
      {detail.suspended && (
        <Alert
          status="info"
          icon
          title={t('package.suspendedTitle')}
          description={t('package.suspendedHint')}
        />
      )}
      {blocker && <BlockerStrip blocker={blocker} />}
    </>
  );
}

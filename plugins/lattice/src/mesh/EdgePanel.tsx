import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Card, CardBody, CardHeader, Flex, Text } from '@backstage/ui';
import { formatKey } from '@lattice-portal/backstage-plugin-lattice-common';
import { useEffect, useRef } from 'react';
import { CopyableCode } from '../state/AnnotationMissing';
import { Facts } from '../state/Facts';
import { StatusLabel, Tone } from '../state/StatusLabel';
import { formatAge } from '../time/formatAge';
import { useNow } from '../time/useNow';
import { latticeTranslationRef } from '../translation';
import { EDGE_TONES } from './AgreementTable';
import { EdgeRow, HalfState, halvesOf, missingLine } from './edgeRows';

const HALF_TONES: Record<HalfState, Tone> = {
  declared: 'good',
  missing: 'bad',
  cannotTell: 'quiet',
};

/** Props of {@link EdgePanel}. */
export interface EdgePanelProps {
  readonly row: EdgeRow;
  onClose(): void;
}

function MissingHalf(props: { row: EdgeRow }) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const missing = missingLine(props.row);
  if (!missing) return null;
  const { namespace } = missing.owner;
  return (
    <Flex direction="column" gap="2">
      <Text weight="bold">{t('edge.missingLine')}</Text>
      <Text>
        {t('edge.askOwners', { key: formatKey(missing.owner), namespace })}
      </Text>
      <CopyableCode text={missing.yaml} />
    </Flex>
  );
}

function EdgeFacts(props: { row: EdgeRow }) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const now = useNow();
  const { row } = props;
  const halves = halvesOf(row.state);
  const half = (state: HalfState) => (
    <StatusLabel tone={HALF_TONES[state]} text={t(`edge.${state}`)} />
  );
  const age = formatAge(row.since, now);
  const since = age ? ` (${t('edge.since', { age })})` : '';
  return (
    <Facts
      facts={[
        { label: t('edge.callerDeclares'), value: half(halves.caller) },
        { label: t('edge.calleeAllows'), value: half(halves.callee) },
        {
          label: t('column.state'),
          value: (
            <StatusLabel
              tone={EDGE_TONES[row.state]}
              text={`${t(`edge.${row.state}`)}${since}`}
            />
          ),
        },
        {
          label: row.state === 'enforced' ? t('edge.why') : t('edge.whyNot'),
          value: row.isStale ? t('edge.staleReason') : row.reason,
        },
      ]}
    />
  );
}

/** One agreement in full: both declarations, why it does not hold, and the line that is missing. */
export function EdgePanel(props: EdgePanelProps) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const { onClose, row } = props;
  const panel = useRef<HTMLDivElement>(null);
  const title = t('edge.panelTitle', {
    caller: formatKey(row.caller),
    callee: formatKey(row.callee),
  });
  useEffect(() => panel.current?.focus(), [row.id]);
  return (
    <div ref={panel} role="region" aria-label={title} tabIndex={-1}>
      <Card>
        <CardHeader>
          <Flex align="center" justify="between">
            <Text as="h4" weight="bold">
              {title}
            </Text>
            <Button
              size="small"
              variant="tertiary"
              aria-label={t('edge.close')}
              onPress={onClose}
            >
              ✕
            </Button>
          </Flex>
        </CardHeader>
        <CardBody>
          <Flex direction="column" gap="4">
            <EdgeFacts row={row} />
            <MissingHalf row={row} />
          </Flex>
        </CardBody>
      </Card>
    </div>
  );
}

import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button, Flex, Skeleton, Text } from '@backstage/ui';
import { ReactNode } from 'react';
import { Live } from '../live/useLive';
import { formatAge } from '../time/formatAge';
import { useNow } from '../time/useNow';
import { latticeTranslationRef } from '../translation';
import { classifyFailure } from './classifyFailure';

/** Props of {@link LiveBoundary}. */
export interface LiveBoundaryProps<T> {
  readonly live: Live<T>;
  /** Set for questions about one object. */
  readonly asked?: { readonly key: string; readonly namespace: string };
  children(answer: T): ReactNode;
}

function LoadingState() {
  const { t } = useTranslationRef(latticeTranslationRef);
  return (
    <Flex
      direction="column"
      gap="3"
      role="status"
      aria-label={t('state.loading')}
    >
      <Skeleton height={28} width="40%" />
      <Skeleton height={120} width="100%" />
      <Skeleton height={120} width="100%" />
    </Flex>
  );
}

function FailureState<T>(props: LiveBoundaryProps<T> & { error: Error }) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const { asked, error, live } = props;
  const retry = (
    <Button size="small" variant="secondary" onPress={live.reload}>
      {t('state.retry')}
    </Button>
  );
  if (asked && classifyFailure(error) === 'absent') {
    return (
      <Alert
        status="info"
        icon
        role="alert"
        title={t('state.notFound', { key: asked.key })}
        description={t('state.notFoundHint', { namespace: asked.namespace })}
        customActions={retry}
      />
    );
  }
  return (
    <Alert
      status="danger"
      icon
      role="alert"
      title={t('state.failed')}
      description={error.message}
      customActions={retry}
    />
  );
}

function Freshness(props: {
  answeredAt: number | undefined;
  hasSignals: boolean;
}) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const now = useNow();
  const { answeredAt } = props;
  if (answeredAt === undefined) return null;
  const age =
    now - answeredAt < 10_000
      ? t('state.justNow')
      : formatAge(new Date(answeredAt).toISOString(), now) ?? '';
  return (
    <Text variant="body-small" color="secondary">
      {t('state.updated', { age })}
      {props.hasSignals ? '' : ` · ${t('state.polling')}`}
    </Text>
  );
}

/** Shows loading, failure, or the answer with how old it is; a failed refresh keeps the answer and says so. */
export function LiveBoundary<T>(props: LiveBoundaryProps<T>) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const now = useNow();
  const { live, children } = props;
  const isAbsentNow =
    live.error !== undefined && classifyFailure(live.error) === 'absent';
  if (live.isLoading) return <LoadingState />;
  if (live.error && (live.answer === undefined || isAbsentNow)) {
    return <FailureState {...props} error={live.error} />;
  }
  if (live.answer === undefined) return <LoadingState />;
  const answered = new Date(live.answeredAt ?? now).toISOString();
  return (
    <Flex direction="column" gap="4">
      {live.error && (
        <Alert
          status="warning"
          icon
          role="status"
          title={t('state.refreshFailed', {
            reason: live.error.message,
            age: formatAge(answered, now) ?? t('state.unknown'),
          })}
        />
      )}
      {children(live.answer)}
      <Freshness answeredAt={live.answeredAt} hasSignals={live.hasSignals} />
    </Flex>
  );
}

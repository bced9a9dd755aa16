import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Alert,
  Button,
  Card,
  CardBody,
  CardHeader,
  Flex,
  Text,
} from '@backstage/ui';
import { useState } from 'react';
import { latticeTranslationRef } from '../translation';
import styles from './code.module.css';

/** Props of {@link AnnotationMissing}. */
export interface AnnotationMissingProps {
  readonly annotation: string;
  readonly title: string;
  /** Parts of the annotation that name nothing. */
  readonly invalid: readonly string[];
}

/** Nothing is linked: says so, with the annotation to copy. */
export function AnnotationMissing(props: AnnotationMissingProps) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const { annotation, invalid, title } = props;
  return (
    <Card>
      <CardHeader>
        <Text as="h2" variant="title-x-small">
          {title}
        </Text>
      </CardHeader>
      <CardBody>
        <Flex direction="column" gap="3">
          <InvalidParts annotation={annotation} invalid={invalid} />
          <Text>{t('empty.description')}</Text>
          <CopyableCode
            text={`metadata:\n  annotations:\n    ${annotation}: <cluster>/<namespace>/<name>`}
          />
        </Flex>
      </CardBody>
    </Card>
  );
}

/** One warning per part of an annotation that names nothing. */
export function InvalidParts(props: {
  annotation: string;
  invalid: readonly string[];
}) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const { annotation } = props;
  return (
    <>
      {props.invalid.map(value => (
        <Alert
          key={value}
          status="warning"
          icon
          title={t('empty.invalid', { annotation, value })}
        />
      ))}
    </>
  );
}

/** Text to paste elsewhere, with a button that copies it. */
export function CopyableCode(props: { text: string }) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const [isCopied, setCopied] = useState(false);
  const copy = () => {
    // Without a clipboard (plain http) the text can still be selected by hand.
    window.navigator.clipboard?.writeText(props.text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <Flex direction="column" gap="2" align="start">
      <pre className={styles.code}>{props.text}</pre>
      <Button size="small" variant="secondary" onPress={copy}>
        {isCopied ? t('empty.copied') : t('empty.copy')}
      </Button>
    </Flex>
  );
}

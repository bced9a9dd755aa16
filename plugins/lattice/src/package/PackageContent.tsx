import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { Container, Flex } from '@backstage/ui';
import { ANNOTATION_PACKAGE } from '@lattice-portal/backstage-plugin-lattice-common';
import { formatFleetKey, parseFleetKeys } from '../entity/parseFleetKeys';
import { AnnotationMissing, InvalidParts } from '../state/AnnotationMissing';
import { latticeTranslationRef } from '../translation';
import { PackageView } from './PackageView';

/** The Package tab: every package that the entity's annotation names. @public */
export function PackageContent() {
  const { t } = useTranslationRef(latticeTranslationRef);
  const { entity } = useEntity();
  const annotation = ANNOTATION_PACKAGE;
  const { invalid, keys } = parseFleetKeys(
    entity.metadata.annotations?.[annotation],
  );
  return (
    <Container py="4">
      {keys.length === 0 ? (
        <AnnotationMissing
          annotation={annotation}
          invalid={invalid}
          title={t('empty.packageTitle')}
        />
      ) : (
        <Flex direction="column" gap="6">
          <InvalidParts annotation={annotation} invalid={invalid} />
          {keys.map(key => (
            <PackageView key={formatFleetKey(key)} target={key} />
          ))}
        </Flex>
      )}
    </Container>
  );
}

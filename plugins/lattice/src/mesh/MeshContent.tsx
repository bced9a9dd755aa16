import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Container, Flex } from '@backstage/ui';
import { ANNOTATION_MEMBER } from '@lattice-portal/backstage-plugin-lattice-common';
import { formatFleetKey } from '../entity/parseFleetKeys';
import { AnnotationMissing, InvalidParts } from '../state/AnnotationMissing';
import { latticeTranslationRef } from '../translation';
import { MemberView } from './MemberView';
import { useMemberKeys } from './useMemberKeys';

/** The Mesh tab: every member and service that the entity's annotations name. @public */
export function MeshContent() {
  const { t } = useTranslationRef(latticeTranslationRef);
  const { invalid, keys } = useMemberKeys();
  return (
    <Container py="4">
      {keys.length === 0 ? (
        <AnnotationMissing
          annotation={ANNOTATION_MEMBER}
          invalid={invalid}
          title={t('empty.meshTitle')}
        />
      ) : (
        <Flex direction="column" gap="6">
          <InvalidParts annotation={ANNOTATION_MEMBER} invalid={invalid} />
          {keys.map(key => (
            <MemberView key={formatFleetKey(key)} target={key} />
          ))}
        </Flex>
      )}
    </Container>
  );
}

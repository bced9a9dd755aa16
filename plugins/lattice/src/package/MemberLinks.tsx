import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Text } from '@backstage/ui';
import {
  ObjectKey,
  formatKey,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { FleetLink } from '../fleet/FleetLink';
import { latticeTranslationRef } from '../translation';

/** Props of {@link MemberLinks}. */
export interface MemberLinksProps {
  readonly cluster: string;
  readonly members: readonly ObjectKey[];
}

/** The mesh members that stand for this package. */
export function MemberLinks(props: MemberLinksProps) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const { cluster, members } = props;
  if (members.length === 0) {
    return <Text color="secondary">{t('package.noMembers')}</Text>;
  }
  return (
    <ul>
      {members.map(member => (
        <li key={formatKey(member)}>
          <FleetLink to="member" target={{ cluster, ...member }}>
            {formatKey(member)}
          </FleetLink>
        </li>
      ))}
    </ul>
  );
}

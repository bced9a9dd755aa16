import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex } from '@backstage/ui';
import {
  MemberDetail,
  formatKey,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { DataTable } from '../state/DataTable';
import { Facts } from '../state/Facts';
import { Section } from '../state/Section';
import { latticeTranslationRef } from '../translation';
import { EdgeRow } from './edgeRows';

/** Props of {@link Exposure}. */
export interface ExposureProps {
  readonly member: MemberDetail;
  readonly rows: readonly EdgeRow[];
}

function useTarget(member: MemberDetail): string {
  const { t } = useTranslationRef(latticeTranslationRef);
  const { target } = member;
  return 'namespace' in target
    ? t('mesh.targetNamespace', { namespace: target.namespace })
    : Object.entries(target.selector)
        .map(([label, value]) => `${label}=${value}`)
        .join(', ');
}

/** What the member opens, to whom, and how it proves who it is. */
export function Exposure(props: ExposureProps) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const { member, rows } = props;
  const target = useTarget(member);
  const callers = rows
    .filter(row => row.direction === 'inbound' && row.state === 'enforced')
    .map(row => formatKey(row.peer))
    .join(', ');
  return (
    <Section title={t('mesh.exposure')}>
      <Flex direction="column" gap="4">
        <Facts
          facts={[
            { label: t('mesh.target'), value: target },
            {
              label: t('mesh.identity'),
              value: `${member.namespace}/${member.serviceAccount} (${
                member.ambient ? t('mesh.ambient') : t('mesh.plain')
              })`,
            },
          ]}
        />
        <DataTable
          label={t('mesh.exposure')}
          rows={member.ports}
          idOf={port => `${port.protocol}/${port.port}`}
          emptyText={t('mesh.noPorts')}
          columns={[
            {
              id: 'port',
              label: t('column.port'),
              render: port => `${port.name} ${port.port}`,
            },
            {
              id: 'protocol',
              label: t('column.protocol'),
              render: port => port.protocol,
            },
            {
              id: 'mtls',
              label: t('column.mtls'),
              render: port => port.peerAuth,
            },
            {
              id: 'callers',
              label: t('column.callers'),
              render: () => callers || t('mesh.nobody'),
            },
          ]}
        />
      </Flex>
    </Section>
  );
}

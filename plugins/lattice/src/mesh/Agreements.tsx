import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, Skeleton } from '@backstage/ui';
import { ObjectKey } from '@lattice-portal/backstage-plugin-lattice-common';
import { Suspense, lazy, useRef, useState } from 'react';
import { Section } from '../state/Section';
import { latticeTranslationRef } from '../translation';
import { AgreementTable } from './AgreementTable';
import { EdgePanel } from './EdgePanel';
import { Legend } from './Legend';
import { EdgeRow } from './edgeRows';

const AgreementGraph = lazy(() =>
  import('./AgreementGraph').then(module => ({
    default: module.AgreementGraph,
  })),
);

/** Props of {@link Agreements}. */
export interface AgreementsProps {
  readonly self: ObjectKey;
  readonly rows: readonly EdgeRow[];
}

/** The chosen agreement; closing gives the focus back to what opened it. */
function useSelection() {
  const [selectedId, setSelectedId] = useState<string>();
  const opener = useRef<Element | null>(null);
  const select = (id: string) => {
    opener.current = document.activeElement;
    setSelectedId(id);
  };
  const close = () => {
    setSelectedId(undefined);
    if (opener.current instanceof HTMLElement) opener.current.focus();
  };
  return { close, select, selectedId };
}

/** Agreements as graph, legend, panel of the chosen one, and table. */
export function Agreements(props: AgreementsProps) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const { rows, self } = props;
  const { close, select, selectedId } = useSelection();
  const selected = rows.find(({ id }) => id === selectedId);
  return (
    <Section title={t('mesh.agreements')}>
      <Flex direction="column" gap="4">
        {rows.length > 0 && (
          <>
            <Suspense fallback={<Skeleton width="100%" height={220} />}>
              <AgreementGraph
                self={self}
                rows={rows}
                selectedId={selectedId}
                onSelect={select}
              />
            </Suspense>
            <Legend />
          </>
        )}
        {selected && <EdgePanel row={selected} onClose={close} />}
        <AgreementTable self={self} rows={rows} onSelect={select} />
      </Flex>
    </Section>
  );
}

import { PageWithHeader, TabbedLayout } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Route, Routes } from 'react-router-dom';
import { ClustersPage, MembersPage, PackagesPage } from '../fleet/FleetPages';
import { latticeTranslationRef } from '../translation';

function Lists() {
  const { t } = useTranslationRef(latticeTranslationRef);
  return (
    <TabbedLayout>
      <TabbedLayout.Route path="/" title={t('fleet.packages')}>
        <PackagesPage />
      </TabbedLayout.Route>
      <TabbedLayout.Route path="/members" title={t('fleet.members')}>
        <MembersPage />
      </TabbedLayout.Route>
      <TabbedLayout.Route path="/clusters" title={t('fleet.clusters')}>
        <ClustersPage />
      </TabbedLayout.Route>
    </TabbedLayout>
  );
}

/** The fleet page with the frame that the legacy system does not draw itself. */
export function LegacyFleetPage() {
  const { t } = useTranslationRef(latticeTranslationRef);
  return (
    <PageWithHeader title={t('fleet.title')} themeId="tool">
      <Routes>
        <Route path="packages/*" element={<PackagesPage />} />
        <Route path="*" element={<Lists />} />
      </Routes>
    </PageWithHeader>
  );
}

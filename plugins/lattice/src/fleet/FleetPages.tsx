import { Container } from '@backstage/ui';
import { ReactNode } from 'react';
import { Route, Routes, useParams } from 'react-router-dom';
import { FleetKey } from '@lattice-portal/backstage-plugin-lattice-common';
import { MemberView } from '../mesh/MemberView';
import { PackageView } from '../package/PackageView';
import { ClustersList } from './ClustersList';
import { MembersList } from './MembersList';
import { PackagesList } from './PackagesList';

/** Path of one object below its list. */
const OBJECT_PATH = ':cluster/:namespace/:name';

function FromPath(props: { children(target: FleetKey): ReactNode }) {
  const { cluster = '', name = '', namespace = '' } = useParams();
  return <>{props.children({ cluster, namespace, name })}</>;
}

/** The packages: the list, and one package by path. */
export function PackagesPage() {
  return (
    <Container py="4">
      <Routes>
        <Route index element={<PackagesList />} />
        <Route
          path={OBJECT_PATH}
          element={
            <FromPath>{target => <PackageView target={target} />}</FromPath>
          }
        />
      </Routes>
    </Container>
  );
}

/** The mesh members: the list, and one member by path. */
export function MembersPage() {
  return (
    <Container py="4">
      <Routes>
        <Route index element={<MembersList />} />
        <Route
          path={OBJECT_PATH}
          element={
            <FromPath>{target => <MemberView target={target} />}</FromPath>
          }
        />
      </Routes>
    </Container>
  );
}

/** The clusters. */
export function ClustersPage() {
  return (
    <Container py="4">
      <ClustersList />
    </Container>
  );
}

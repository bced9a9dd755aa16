import { Entity } from '@backstage/catalog-model';
import { NotFoundError } from '@backstage/errors';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import { ReactElement } from 'react';
import { rootRouteRef } from '../routes';
import { mockLatticeApi } from './mockLatticeApi';

/** A resource with annotations. */
export function anEntity(annotations: Record<string, string> = {}): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: { name: 'redis', annotations },
    spec: { type: 'database', owner: 'group:default/data' },
  };
}

/** Renders as on the page of an entity, with the fleet page mounted. */
export function renderOnEntity(
  element: ReactElement,
  annotations: Record<string, string>,
  api: ReturnType<typeof mockLatticeApi>,
) {
  return renderInTestApp(
    <EntityProvider entity={anEntity(annotations)}>{element}</EntityProvider>,
    { apis: [api], mountedRoutes: { '/lattice': rootRouteRef } },
  );
}

/** The failure that the backend's client throws for missing and for forbidden objects. */
export function anAbsence(): Error {
  return new NotFoundError('No such object');
}

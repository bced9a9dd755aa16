import { useRouteRef } from '@backstage/core-plugin-api';
import { Link } from '@backstage/ui';
import { FleetKey } from '@lattice-portal/backstage-plugin-lattice-common';
import { ReactNode } from 'react';
import { memberRouteRef, packageRouteRef } from '../routes';

const ROUTES = { package: packageRouteRef, member: memberRouteRef };

/** Props of {@link FleetLink}. */
export interface FleetLinkProps {
  readonly to: keyof typeof ROUTES;
  readonly target: FleetKey;
  readonly children: ReactNode;
}

function useFleetHref(to: keyof typeof ROUTES, target: FleetKey) {
  const { cluster, name, namespace } = target;
  try {
    // eslint-disable-next-line react-hooks/rules-of-hooks -- throws after its own hooks ran, always or never
    return useRouteRef(ROUTES[to])({ cluster, namespace, name });
  } catch {
    // The app has switched our page off: there is nowhere to link to.
    return undefined;
  }
}

/** A link to the page of a package or member; plain text in an app without our page. */
export function FleetLink(props: FleetLinkProps) {
  const { children, target, to } = props;
  const href = useFleetHref(to, target);
  return href === undefined ? (
    <>{children}</>
  ) : (
    <Link href={href}>{children}</Link>
  );
}

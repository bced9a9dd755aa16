import { useApi } from '@backstage/frontend-plugin-api';
import {
  DetailAnswer,
  FleetKey,
  PackageDetail,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { latticeApiRef } from '../apis';
import { formatFleetKey } from '../entity/parseFleetKeys';
import { Live, useLive } from '../live/useLive';
import { LiveBoundary } from '../state/LiveBoundary';
import { PackageBody } from './PackageBody';

/** The live answer about one package. */
export function usePackage(
  target: FleetKey,
): Live<DetailAnswer<PackageDetail>> {
  const api = useApi(latticeApiRef);
  return useLive({
    id: `package:${formatFleetKey(target)}`,
    load: () => api.getPackage(target),
    clustersOf: answer => [answer.cluster],
  });
}

/** Props of {@link PackageView}. */
export interface PackageViewProps {
  readonly target: FleetKey;
}

/** One package, live. */
export function PackageView(props: PackageViewProps) {
  const { target } = props;
  const live = usePackage(target);
  return (
    <LiveBoundary
      live={live}
      asked={{ key: formatFleetKey(target), namespace: target.namespace }}
    >
      {answer => <PackageBody answer={answer} />}
    </LiveBoundary>
  );
}

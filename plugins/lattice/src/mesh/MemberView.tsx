import { useApi } from '@backstage/frontend-plugin-api';
import {
  DetailAnswer,
  FleetKey,
  MemberDetail,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { latticeApiRef } from '../apis';
import { formatFleetKey } from '../entity/parseFleetKeys';
import { Live, useLive } from '../live/useLive';
import { LiveBoundary } from '../state/LiveBoundary';
import { MemberBody } from './MemberBody';

/** The live answer about one member. */
export function useMember(target: FleetKey): Live<DetailAnswer<MemberDetail>> {
  const api = useApi(latticeApiRef);
  return useLive({
    id: `member:${formatFleetKey(target)}`,
    load: () => api.getMember(target),
    clustersOf: answer => [answer.cluster],
  });
}

/** Props of {@link MemberView}. */
export interface MemberViewProps {
  readonly target: FleetKey;
}

/** One mesh member, live. */
export function MemberView(props: MemberViewProps) {
  const { target } = props;
  const live = useMember(target);
  return (
    <LiveBoundary
      live={live}
      asked={{ key: formatFleetKey(target), namespace: target.namespace }}
    >
      {answer => <MemberBody answer={answer} />}
    </LiveBoundary>
  );
}

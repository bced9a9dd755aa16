import { identitiesOf } from './ciliumIdentity';
import { selectsIdentity } from './ciliumSelector';
import { EnginePolicies } from './decideFlow';
import { isAboutPlaintext } from './peerAuthentication';
import { EngineContext, ExplainPod } from './types';
import { attaches } from './ztunnel';

/** Whether any of these policies is, or may be, about a pod. */
export function isAbout(
  { cilium, istio }: EnginePolicies,
  pod: ExplainPod,
  context: EngineContext,
): boolean {
  if (pod.hostNetwork) return false;
  const [identity] = identitiesOf(pod, context);
  return (
    cilium.some(
      ({ subject }) => selectsIdentity(subject, identity) !== false,
    ) ||
    (pod.ambient &&
      istio.some(policy =>
        policy.kind === 'PeerAuthentication'
          ? isAboutPlaintext(policy, pod, context)
          : policy.kind === 'AuthorizationPolicy' &&
            attaches(policy, pod, context),
      ))
  );
}

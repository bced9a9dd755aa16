import { ObjectKey } from '../api/object';
import { InspectedPort } from './chartInspection';
import { PatchedObject, WorkloadRef } from './types';

const SHOWN = 3;

/** Account of pods that name none. It is shared, so no member should claim it. */
export const DEFAULT_ACCOUNT = 'default';

function called(object: { kind: string } & ObjectKey): string {
  return `${object.kind} ${object.namespace}/${object.name}`;
}

function portText({ port, protocol, name }: InspectedPort): string {
  return `${port}/${protocol}${name ? ` (${name})` : ''}`;
}

/** What each finding says: what is wrong, why it matters, what to do. No full stop at the end. */
export const driftMessages = {
  undeclaredPort: (
    port: InspectedPort,
    workload: WorkloadRef,
    object: PatchedObject,
  ) =>
    `${called(workload)} opens port ${portText(port)}, which ${called(
      object,
    )} does not declare, so it stays closed: declare it if callers need it, which opens it to every allowed caller, or turn it off in the chart's values`,

  undeclarablePort: (port: InspectedPort, workload: WorkloadRef) =>
    `${called(workload)} opens port ${portText(
      port,
    )}, which no member can declare, so it stays closed: members know TCP and UDP, and no port of the mesh's own`,

  uncovered: (workload: WorkloadRef) =>
    `no LatticeMeshMember selects the pods of ${called(
      workload,
    )}, so nobody can agree to call it, and nothing closes it where the cluster does not deny by default: create a member for it`,

  unselectable: (workload: WorkloadRef) =>
    `no LatticeMeshMember selects the pods of ${called(
      workload,
    )}, and their labels tell them from no other pod: set labels in the chart's values, then create a member`,

  onHostNetwork: (workload: WorkloadRef) =>
    `${called(
      workload,
    )} uses the network of its node, where no policy about pods applies and everybody can reach it: turn hostNetwork off in the chart's values`,

  unopenedPort: (port: InspectedPort, object: PatchedObject) =>
    `${called(object)} declares port ${portText(
      port,
    )}, but no pod that it selects names it, so whatever begins to listen there is open to its callers: remove it, or mend the number`,

  portsUnknown: (port: InspectedPort, object: PatchedObject) =>
    `${called(object)} declares port ${portText(
      port,
    )}, and the pods that it selects name no ports at all: nobody can tell whether something listens there`,

  nothingSelected: (object: PatchedObject) =>
    `${called(
      object,
    )} selects no pod, so it protects nothing and opens nothing: mend its selector, or delete it`,

  overlap: (
    wider: PatchedObject,
    other: PatchedObject,
    workloads: readonly WorkloadRef[],
  ) =>
    `${called(wider)} and ${called(other)} both select ${workloads
      .slice(0, SHOWN)
      .map(called)
      .join(', ')}${
      workloads.length > SHOWN ? ` and ${workloads.length - SHOWN} more` : ''
    }, so what either allows is allowed: narrow one selector, or delete one of the two`,

  account: (object: PatchedObject, declared: string, actual: string) =>
    `${called(
      object,
    )} says that its pods run as ServiceAccount ${declared}, but they run as ${actual}, so callees refuse their calls and ${declared} could call in their name: ${
      actual === DEFAULT_ACCOUNT
        ? "give them an account of their own in the chart's values, since default is everybody's"
        : 'name the account that they use'
    }`,

  accounts: (object: PatchedObject, declared: string, actual: string) =>
    `${called(
      object,
    )} says that its pods run as ServiceAccount ${declared}, but some run as ${actual}, so callees refuse their calls: make one member for each account`,

  notHere: (object: PatchedObject, declared: string, actual: string) =>
    `${called(
      object,
    )} implies that its pods run as ServiceAccount ${declared}, but they run as ${actual}, so callees refuse their calls: set the account in the chart's values, or write a LatticeMeshMember, which can name it`,
} as const;

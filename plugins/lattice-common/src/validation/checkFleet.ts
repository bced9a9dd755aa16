import { LatticeMember } from '../api/memberModel';
import { formatKey, ObjectKey } from '../api/object';
import { LatticePackage } from '../api/packageModel';
import { AgreementEdge, AgreementGraph } from '../graph';
import { unmatchedDependencyMessage } from '../messages';
import { findDependencyCycles } from './findDependencyCycles';
import { FleetViolation, onMember, onPackage } from './fleetViolation';
import { FleetPod, memberOverlaps } from './memberOverlaps';

/** Everything that is looked at together. */
export interface Fleet {
  readonly packages: readonly LatticePackage[];
  readonly members: readonly LatticeMember[];
  /** Pods that are known; what they show adds to what the selectors say. */
  readonly pods?: readonly FleetPod[];
}

function releaseConflicts(packages: readonly LatticePackage[]) {
  const first = new Map<string, LatticePackage>();
  return packages.flatMap(pkg => {
    const release = `${pkg.spec.targetNamespace}/${pkg.metadata.name}`;
    const holder = first.get(release);
    first.set(release, holder ?? pkg);
    return holder
      ? onPackage(pkg, {
          rule: 'release-conflict',
          severity: 'error',
          path: 'metadata.name',
          message: `would be the Helm release ${release}, which is that of package ${formatKey(
            holder.metadata,
          )}: choose another name or targetNamespace`,
        })
      : [];
  });
}

function dependencyViolations(packages: readonly LatticePackage[]) {
  const known = new Set(packages.map(pkg => formatKey(pkg.metadata)));
  const cycles = findDependencyCycles(packages);
  return packages.flatMap(pkg => {
    const cycle = cycles.get(formatKey(pkg.metadata));
    const missing = pkg.spec.dependsOn.flatMap((dependency, index) =>
      known.has(formatKey(dependency))
        ? []
        : onPackage(pkg, {
            rule: 'dependency-missing',
            severity: 'warning',
            path: `spec.dependsOn[${index}]`,
            message: `no package ${formatKey(
              dependency,
            )} is among the given files: the install waits until it exists and is healthy`,
          }),
    );
    return cycle
      ? [
          onPackage(pkg, {
            rule: 'dependency-cycle',
            severity: 'error',
            path: 'spec.dependsOn',
            message: `depends on itself by way of ${cycle.join(
              ' -> ',
            )}: none of them could ever be installed; take one dependency out`,
          }),
          ...missing,
        ]
      : missing;
  });
}

function unreachablePackages({ packages, members }: Fleet) {
  const enrolled = new Set(members.map(one => one.metadata.namespace));
  return packages
    .filter(pkg => !pkg.spec.mesh && !enrolled.has(pkg.spec.targetNamespace))
    .map(pkg =>
      onPackage(pkg, {
        rule: 'member-missing',
        severity: 'warning',
        path: 'metadata.name',
        message: `no LatticeMeshMember for namespace ${pkg.spec.targetNamespace} is among the given files: services cannot reach this package through the bilateral agreement model`,
      }),
    );
}

function shadowedBlocks({ packages, members }: Fleet): FleetViolation[] {
  const written = new Set(
    members
      .filter(one => one.kind === 'LatticeMeshMember' && !one.fromPackage)
      .map(one => formatKey(one.metadata)),
  );
  return packages.flatMap(pkg => {
    const key = `${pkg.spec.targetNamespace}/${pkg.metadata.name}`;
    return pkg.spec.mesh && written.has(key)
      ? onPackage(pkg, {
          rule: 'member-shadowed',
          severity: 'warning',
          path: 'spec.mesh',
          message: `does nothing beside LatticeMeshMember ${key}, which was written by hand and counts alone: move what is missing there, and take the block out`,
        })
      : [];
  });
}

function referencePath(
  member: LatticeMember,
  field: 'allowedCallers' | 'dependencies',
  peer: ObjectKey,
): string {
  const index = member.spec[field].findIndex(
    one => one.name === peer.name && one.namespace === peer.namespace,
  );
  return index < 0 ? `spec.${field}` : `spec.${field}[${index}]`;
}

function halfAgreement(
  graph: AgreementGraph,
  edge: AgreementEdge,
): FleetViolation | undefined {
  const caller = graph.get(edge.caller);
  const callee = graph.get(edge.callee);
  if (edge.state === 'halfCaller' && caller) {
    return onMember(caller, {
      rule: 'agreement-half',
      severity: 'warning',
      path: referencePath(caller, 'dependencies', edge.callee),
      message: `${unmatchedDependencyMessage(
        edge.callee.name,
      )} The owner of ${formatKey(edge.callee)} must allow ${formatKey(
        edge.caller,
      )} as caller`,
    });
  }
  // A caller that is not among the given objects may well declare its half elsewhere.
  if (edge.state === 'halfCallee' && caller && callee) {
    return onMember(callee, {
      rule: 'agreement-half',
      severity: 'warning',
      path: referencePath(callee, 'allowedCallers', edge.caller),
      message: `allows ${formatKey(
        edge.caller,
      )}, which does not declare ${formatKey(
        edge.callee,
      )} as an outbound dependency: only ${formatKey(edge.caller)} must change`,
    });
  }
  return undefined;
}

function halfAgreements(members: readonly LatticeMember[]): FleetViolation[] {
  const graph = new AgreementGraph();
  members.forEach(member => graph.set(member));
  const seen = new Set<string>();
  return graph
    .keys()
    .flatMap(key => graph.halvesOf(key))
    .filter(({ caller, callee }) => {
      const id = `${formatKey(caller)} ${formatKey(callee)}`;
      const isNew = !seen.has(id);
      seen.add(id);
      return isNew;
    })
    .flatMap(edge => halfAgreement(graph, edge) ?? []);
}

function sharedAccounts(members: readonly LatticeMember[]): FleetViolation[] {
  const first = new Map<string, LatticeMember>();
  return members.flatMap(member => {
    const { namespace } = member.metadata;
    const account = `${namespace}/${member.spec.serviceAccount}`;
    const holder = first.get(account);
    first.set(account, holder ?? member);
    return holder && holder.metadata.name !== member.metadata.name
      ? onMember(member, {
          rule: 'identity-shared',
          severity: 'warning',
          path: 'spec.serviceAccount',
          message: `runs as ${account} like ${formatKey(
            holder.metadata,
          )}, so the mesh cannot tell them apart and each has the permissions of both: give each its own account`,
        })
      : [];
  });
}

/** Holds objects against each other. Unlike admission it sees only what it is given, so most of it warns. */
export function checkFleet(fleet: Fleet): FleetViolation[] {
  return [
    ...releaseConflicts(fleet.packages),
    ...dependencyViolations(fleet.packages),
    ...unreachablePackages(fleet),
    ...halfAgreements(fleet.members),
    ...shadowedBlocks(fleet),
    ...sharedAccounts(fleet.members),
    ...memberOverlaps(fleet.members, fleet.pods),
  ];
}

import {
  ObjectKey,
  PackageReasons,
} from '@lattice-portal/backstage-plugin-lattice-common';
import {
  ChartInspection,
  groupOf,
  InspectedObject,
} from '@lattice-portal/backstage-plugin-lattice-node';
import {
  CedarPolicies,
  CedarRequest,
  installClusterScoped,
  installIntoNamespace,
  installPolicyObjects,
} from '../cedar';
import { Gate } from './PackageWorld';

/** What a package is about to release. */
export interface ScanSubject {
  readonly pkg: ObjectKey;
  readonly targetNamespace: string;
  readonly inspection: ChartInspection;
  /** We would apply the chart's own CRDs. */
  readonly bringsCrds: boolean;
}

interface Question {
  readonly request: CedarRequest;
  readonly what: string;
  readonly advice: string;
}

const POLICY_ADVICE =
  'switch it off in spec.values (many charts have networkPolicy.enabled: false), or have a Cedar policy permit InstallPolicyObjects';
const CLUSTER_ADVICE =
  'switch it off in spec.values (many charts have rbac.create: false), or have a Cedar policy permit InstallClusterScoped';
const CRD_ADVICE =
  'set spec.crdPolicy.install: Skip when the CRDs are there already, or have a Cedar policy permit InstallClusterScoped';

/**
 * Whether a rendered chart may be released: allows add up in the mesh, so that one policy of a chart could open what
 * nobody agreed to, and an ExternalSecret could read any key.
 */
export function scanGate(subject: ScanSubject, cedar: CedarPolicies): Gate {
  const refused = questionsOf(subject).filter(
    it => !cedar.decide(it.request).isAllowed,
  );
  if (refused.length === 0) {
    return {
      isOpen: true,
      reason: PackageReasons.Fetched,
      message:
        'The chart is fetched, renders, and brings nothing that it may not.',
    };
  }
  const [first] = refused;
  const names = [...new Set(refused.map(it => it.what))].slice(0, 5).join(', ');
  return {
    isOpen: false,
    isStalled: true,
    reason: PackageReasons.ForbiddenObjects,
    message: `The chart brings what a package may not bring: ${names}. For ${first.what}: ${first.advice}.`,
  };
}

function questionsOf(subject: ScanSubject): Question[] {
  const { pkg, inspection } = subject;
  const all = [...inspection.objects, ...inspection.hooks];
  const namespaces = new Set(
    all
      .map(it => it.namespace)
      .filter(
        (it): it is string =>
          it !== undefined && it !== subject.targetNamespace,
      ),
  );
  return [
    ...inspection.policyObjects.map(it => ({
      request: installPolicyObjects(pkg, kindOf(it)),
      what: `${it.kind} ${it.name}`,
      advice: POLICY_ADVICE,
    })),
    ...inspection.clusterScoped.map(it => ({
      request: installClusterScoped(pkg, kindOf(it)),
      what: `${it.kind} ${it.name}`,
      advice: CLUSTER_ADVICE,
    })),
    ...(subject.bringsCrds
      ? [
          {
            request: installClusterScoped(pkg, {
              group: 'apiextensions.k8s.io',
              kind: 'CustomResourceDefinition',
            }),
            what: 'CustomResourceDefinitions in crds/',
            advice: CRD_ADVICE,
          },
        ]
      : []),
    ...inspection.workloads
      .filter(it => it.hostNetwork || it.leavesMesh.length > 0)
      .map(it => ({
        request: installPolicyObjects(pkg, { group: '', kind: 'Pod' }),
        what: `${it.kind} ${it.name} with ${
          it.hostNetwork ? 'hostNetwork' : it.leavesMesh.join(', ')
        }`,
        advice: POLICY_ADVICE,
      })),
    ...[...namespaces].map(it => ({
      request: installIntoNamespace(pkg, it),
      what: `objects in namespace ${it}`,
      advice: 'have a Cedar policy permit InstallIntoNamespace',
    })),
  ];
}

function kindOf(object: InspectedObject): { group: string; kind: string } {
  return { group: groupOf(object.apiVersion), kind: object.kind };
}

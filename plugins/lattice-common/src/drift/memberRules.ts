import { LatticeMember } from '../api/memberModel';
import { checkMember } from '../validation/checkMember';
import { AdmissionRules } from '../validation/violation';

/** Only what a change itself does is judged: where an object lives was judged before. */
const NO_RULES: AdmissionRules = {
  allowedRepositories: [],
  protectedNamespaces: [],
  platformObjects: [],
};

const PROBE: LatticeMember = {
  kind: 'LatticeMeshMember',
  metadata: {
    namespace: 'probe',
    name: 'probe',
    labels: {},
    annotations: {},
    finalizers: [],
  },
  spec: {
    target: { namespace: 'probe' },
    ports: [],
    allowedCallers: [],
    dependencies: [],
    egress: [],
    allowPeerTraffic: false,
    dependsAll: false,
    serviceAccount: 'probe',
    ambient: true,
  },
  status: {
    observedGeneration: -1,
    conditions: [],
    appliedResources: [],
    edges: [],
  },
};

const known = new Map<string, boolean>();
const MAX_KNOWN = 10_000;

/** Whether a member may select by a label. */
export function isSelectable(key: string, value: string): boolean {
  const label = `${key}=${value}`;
  const answer =
    known.get(label) ??
    checkMember(
      {
        ...PROBE,
        spec: { ...PROBE.spec, target: { selector: { [key]: value } } },
      },
      NO_RULES,
    ).length === 0;
  if (known.size < MAX_KNOWN) {
    known.set(label, answer);
  }
  return answer;
}

function errorsOf(member: LatticeMember): string[] {
  return checkMember(member, NO_RULES)
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, path }) => `${rule} ${path}`);
}

/** Whether a changed member breaks no rule that it did not break before; a new one breaks none. */
export function isAdmitted(
  after: LatticeMember,
  before?: LatticeMember,
): boolean {
  const former = new Set(before ? errorsOf(before) : []);
  return errorsOf(after).every(error => former.has(error));
}

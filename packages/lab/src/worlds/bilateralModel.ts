import {
  LatticeMember,
  MemberPort,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { JudgedPod, Question } from '../judges';
import {
  agree,
  effectiveMembers,
  isKnownAs,
  isPodOf,
  speaksFor,
} from './agreement';
import { isCoveredBy } from './egressModel';
import { External, podId, World } from './types';

const TUNNEL = 15008;

/** Traffic between two pods. */
interface Flow extends Question {
  readonly source: JudgedPod;
  readonly target: JudgedPod;
}

/**
 * What ought to pass, written down from the bilateral rule alone. It reads declarations and pods, shares no code with
 * the compiler, and knows no policy.
 */
export class BilateralModel {
  readonly #members: readonly LatticeMember[];
  readonly #pods: ReadonlyMap<string, JudgedPod>;
  readonly #owners: ReadonlyMap<JudgedPod, readonly LatticeMember[]>;
  readonly #externals: readonly External[];
  readonly #dns: World['profile']['dns'];
  readonly #departed: readonly LatticeMember[];

  constructor(world: World) {
    this.#members = effectiveMembers(world.declared);
    this.#pods = new Map(world.pods.map(pod => [podId(pod), pod]));
    this.#owners = new Map(
      world.pods.map(pod => [
        pod,
        this.#members.filter(member => isPodOf(member, pod)),
      ]),
    );
    this.#externals = world.externals;
    this.#departed = effectiveMembers(world.departed ?? []);
    this.#dns = world.profile.dns;
  }

  /**
   * Whether traffic ought to pass.
   *
   * @param isKnown - whom the network takes for a member's pod; by labels alone with `isPodOf`
   */
  allows(question: Question, isKnown = isKnownAs): boolean {
    const source = this.#pods.get(question.from);
    const target = this.#pods.get(question.to);
    if (!source)
      return !target || this.#admitsOutside(question.from, target, question);
    if (!target) return this.#leaves(source, question);
    const flow = { ...question, source, target };
    if (this.#pairs(flow).some(pair => opens(pair, flow, isKnown))) return true;
    // Pods that nobody declares are nobody's business: their own side is open.
    return (
      (!this.isGuarded(source) || this.#isDns(flow)) && !this.isGuarded(target)
    );
  }

  /** Whether a member selects the pod, or did before it went, so that whatever is not agreed is closed. */
  isGuarded(pod: JudgedPod): boolean {
    return this.#guards(pod).length > 0;
  }

  /** Whether one of the members that guard the pod is in the mesh. */
  isInMesh(pod: JudgedPod): boolean {
    return this.#guards(pod).some(({ spec }) => spec.ambient);
  }

  /** Whether two pods belong to members that agree, whatever the ports. */
  hasAgreement(source: JudgedPod, target: JudgedPod): boolean {
    return this.#of(source).some(caller =>
      this.#of(target).some(callee => agree(caller, callee)),
    );
  }

  /**
   * Whether the mesh takes the caller, by its account, for one that has an agreement about this port. Members that
   * share an account are one and the same to it.
   */
  isTrustedByAccount(question: Question): boolean {
    return this.#reaches(question, speaksFor, port => port === question.port);
  }

  /**
   * Whether the engines cannot help letting this pass: the network knows the caller by its labels, the mesh by its
   * account, and these belong to two different agreements with members of one pod.
   */
  passesByAccount(question: Question): boolean {
    return (
      this.isTrustedByAccount(question) &&
      this.#reaches(question, isPodOf, () => true)
    );
  }

  #reaches(
    { from, to, protocol }: Question,
    isCaller: typeof isPodOf,
    isPort: (port: number) => boolean,
  ): boolean {
    const source = this.#pods.get(from);
    const target = this.#pods.get(to);
    if (!source?.ambient || !target?.ambient || protocol !== 'TCP')
      return false;
    const inMesh = this.#members.filter(({ spec }) => spec.ambient);
    return inMesh.some(
      callee =>
        isPodOf(callee, target) &&
        callee.spec.ports.some(
          one => one.protocol === 'TCP' && isPort(one.port),
        ) &&
        inMesh.some(
          caller => isCaller(caller, source) && agree(caller, callee),
        ),
    );
  }

  #of(pod: JudgedPod): readonly LatticeMember[] {
    return this.#owners.get(pod) ?? [];
  }

  #guards(pod: JudgedPod): readonly LatticeMember[] {
    return [
      ...this.#of(pod),
      ...this.#departed.filter(member => isPodOf(member, pod)),
    ];
  }

  #pairs({ source, target }: Flow): [LatticeMember, LatticeMember][] {
    return this.#of(source).flatMap(caller =>
      this.#of(target)
        .filter(callee => agree(caller, callee))
        .map((callee): [LatticeMember, LatticeMember] => [caller, callee]),
    );
  }

  /** Whether a guarded pod is let out to this for names to be resolved. */
  #isDns(flow: Flow): boolean {
    const { namespace, labels, ports } = this.#dns;
    return (
      !isTunnelled(flow) &&
      this.#of(flow.source).length > 0 &&
      flow.target.namespace === namespace &&
      ports.includes(flow.port) &&
      Object.entries(labels).every(
        ([key, value]) => flow.target.labels[key] === value,
      )
    );
  }

  #leaves(source: JudgedPod, { to, port, protocol }: Question): boolean {
    if (!this.isGuarded(source)) return true;
    const external = this.#externals.find(({ name }) => name === to);
    return this.#of(source).some(({ spec }) =>
      spec.egress.some(
        rule =>
          rule.protocol === protocol &&
          rule.ports.includes(port) &&
          isCoveredBy(rule.target, to, external),
      ),
    );
  }

  /** Nodes reach webhooks; the kubelet of the own node everything that the mesh does not forbid; nobody else anything. */
  #admitsOutside(
    from: string,
    target: JudgedPod,
    { port, protocol }: Question,
  ): boolean {
    if (!this.isGuarded(target)) return true;
    const callees = this.#of(target);
    const has = (...modes: string[]) =>
      callees.some(
        ({ spec }) =>
          'selector' in spec.target &&
          spec.ports.some(
            one =>
              one.port === port &&
              one.protocol === protocol &&
              modes.includes(one.peerAuth),
          ),
      );
    if (from === 'host') {
      const isCaptured = target.ambient && this.isInMesh(target);
      return !isCaptured || protocol === 'UDP' || has('Permissive', 'Webhook');
    }
    return ['remote-node', 'kube-apiserver'].includes(from) && has('Webhook');
  }
}

/** Whether an agreed pair opens a port to this traffic: the truth table of peerAuth. */
function opens(
  [caller, callee]: [LatticeMember, LatticeMember],
  flow: Flow,
  isKnown: typeof isKnownAs,
): boolean {
  const declared = callee.spec.ports.find(
    ({ port, protocol }) => port === flow.port && protocol === flow.protocol,
  );
  const isMesh =
    flow.protocol === 'TCP' && caller.spec.ambient && callee.spec.ambient;
  if (isMesh && !flow.target.ambient)
    // The tunnel's port is open between them, and without enrolment no mesh stands behind it.
    return flow.port === TUNNEL && hasTcp(callee);
  if (!declared) return false;
  if (isMesh) return isTunnelled(flow) && speaksFor(caller, flow.source);
  return (
    !isTunnelled(flow) &&
    isKnown(caller, flow.source) &&
    isKnown(callee, flow.target) &&
    takesPlain(callee, declared)
  );
}

/** UDP is decided by labels alone, as is everything outside the mesh; a Strict or Webhook port wants an identity. */
function takesPlain({ spec }: LatticeMember, port: MemberPort): boolean {
  return (
    port.protocol === 'UDP' ||
    !spec.ambient ||
    (port.peerAuth === 'Permissive' && 'selector' in spec.target)
  );
}

function isTunnelled({ source, target, protocol }: Flow): boolean {
  return protocol === 'TCP' && source.ambient && target.ambient;
}

function hasTcp({ spec }: LatticeMember): boolean {
  return spec.ports.some(({ protocol }) => protocol === 'TCP');
}

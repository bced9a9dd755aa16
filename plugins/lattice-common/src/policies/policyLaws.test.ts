import fc from 'fast-check';
import { KubernetesObject, ObjectKey } from '../api/object';
import { AgreementGraph } from '../graph/AgreementGraph';
import { aMember, aPort } from '../graph/__testUtils__/aMember';
import { compileDenyOnly, compilePolicies } from './compilePolicies';
import { DEFAULT_PROFILE } from './ClusterProfile';
import { isSamePolicy } from './isSamePolicy';
import { lintPolicy } from './lintPolicy';
import { denyOnly } from './narrowPolicy';
import { planPolicyWrites, PolicyWrite } from './planPolicyWrites';
import { policyName } from './policyIdentity';
import { networkAllows, passes } from './__testUtils__/judge';
import {
  aWorld,
  compileAll,
  graphOf,
  Inhabitant,
  inhabitants,
  mayPass,
  mayTalk,
  PORTS,
} from './__testUtils__/worlds';

const SEED = Number(process.env.LATTICE_SEED ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env.LATTICE_RUNS ?? 60);

type Question = readonly [Inhabitant, Inhabitant, (typeof PORTS)[number]];

/** Every question about every pair of pods, except pairs that concern no member at all. */
function questionsAbout(people: readonly Inhabitant[]): Question[] {
  return people.flatMap(from =>
    people
      .filter(to => from.member || to.member)
      .flatMap(to => PORTS.map(port => [from, to, port] as const)),
  );
}

function describeQuestion([from, to, port]: Question): string {
  const name = ({ pod }: Inhabitant) =>
    `${pod.namespace}/${pod.labels.app}${pod.isEnrolled ? ' in mesh' : ''}`;
  return `${name(from)} -> ${name(to)} ${port.join('/')}`;
}

const judge = (
  policies: readonly KubernetesObject[],
  [from, to, port]: Question,
) => passes(policies, from.pod, to.pod, port);

const model = ([from, to, port]: Question) =>
  mayPass(from.member, to.member, port);

/** Holds the objects of a cluster, as the writes of plans leave them. */
class Held {
  readonly #objects = new Map<string, KubernetesObject>();

  constructor(objects: readonly KubernetesObject[]) {
    objects.forEach(object => this.#objects.set(Held.id(object), object));
  }

  static id({ kind, metadata }: KubernetesObject) {
    return `${kind} ${metadata.namespace}/${metadata.name}`;
  }

  all() {
    return [...this.#objects.values()];
  }

  of(key: ObjectKey) {
    return this.all().filter(
      ({ metadata }) =>
        metadata.name === policyName(key) &&
        metadata.namespace === key.namespace,
    );
  }

  write({ verb, object }: PolicyWrite) {
    if (verb === 'delete') this.#objects.delete(Held.id(object));
    else this.#objects.set(Held.id(object), object);
  }

  /** Walks all keys until nothing is left to do, as the controller does. */
  settle(
    graph: AgreementGraph,
    afterWrite: () => void,
    narrowOnly = false,
  ): void {
    let isSettled = false;
    for (let pass = 0; !isSettled; pass++) {
      if (pass > 3) throw new Error('the writes come to no end');
      isSettled = true;
      for (const key of graph.keys()) {
        const wanted = compilePolicies(graph, key, DEFAULT_PROFILE, {
          holdBack: callee =>
            this.of(callee).length < closedKinds(graph, callee),
        });
        const writes = planPolicyWrites({
          wanted,
          live: this.of(key),
          narrowOnly,
        });
        for (const write of writes) {
          isSettled = false;
          this.write(write);
          afterWrite();
        }
      }
    }
  }
}

function closedKinds(graph: AgreementGraph, key: ObjectKey): number {
  return compileDenyOnly(graph.get(key)!, DEFAULT_PROFILE).length;
}

describe(`laws of compiled policies (seed ${SEED})`, () => {
  it('opens exactly what both sides declare, for every pair of pods and every port', () => {
    fc.assert(
      fc.property(aWorld, members => {
        const policies = compileAll(members);
        const wrong = questionsAbout(inhabitants(members)).filter(
          question => judge(policies, question) !== model(question),
        );
        expect(wrong.map(describeQuestion)).toEqual([]);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('closes a pair without agreement on each side by itself', () => {
    fc.assert(
      fc.property(aWorld, members => {
        const policies = compileAll(members);
        const wrong = questionsAbout(inhabitants(members)).filter(
          ([from, to, [port, protocol]]) => {
            if (from.member && to.member && mayTalk(from.member, to.member))
              return false;
            const isOpen = (side: 'ingress' | 'egress') =>
              networkAllows(policies, side, {
                from: from.pod,
                to: to.pod,
                port,
                protocol,
              });
            return (
              (from.member && isOpen('egress')) ||
              (to.member && isOpen('ingress'))
            );
          },
        );
        expect(wrong.map(describeQuestion)).toEqual([]);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it.each([
    ['both engines', { cilium: true, istio: true }, 'required' as const],
    ['no Istio', { cilium: true, istio: false }, 'required' as const],
    [
      'no Istio, mTLS not required',
      { cilium: true, istio: false },
      'notRequired' as const,
    ],
    ['no Cilium', { cilium: false, istio: true }, 'required' as const],
  ])('emits only objects that pass the lint: %s', (_, engines, mtls) => {
    fc.assert(
      fc.property(aWorld, members => {
        const profile = { ...DEFAULT_PROFILE, engines, mtls };
        const objects = compileAll(members, profile);
        const closed = objects.flatMap(object => denyOnly(object) ?? []);
        expect([...objects, ...closed].flatMap(lintPolicy)).toEqual([]);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('without Istio, keeps every Strict TCP port of a mesh member closed', () => {
    fc.assert(
      fc.property(aWorld, members => {
        const engines = { cilium: true, istio: false };
        const policies = compileAll(members, { ...DEFAULT_PROFILE, engines });
        const people = inhabitants(members).map(one => ({
          ...one,
          pod: { ...one.pod, isEnrolled: false },
        }));
        const wrong = questionsAbout(people).filter(question => {
          const [, { member }, [number, protocol]] = question;
          const isStrict = member?.spec.ports.some(
            ({ port, peerAuth }) => port === number && peerAuth === 'Strict',
          );
          return (
            member?.spec.ambient &&
            isStrict &&
            protocol === 'TCP' &&
            judge(policies, question)
          );
        });
        expect(wrong.map(describeQuestion)).toEqual([]);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('gives equal bytes whatever the order of declarations', () => {
    fc.assert(
      fc.property(aWorld, members => {
        expect(JSON.stringify(compileAll([...members].reverse()))).toBe(
          JSON.stringify(compileAll(members)),
        );
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('leads from one world to another without opening, after any single write, what neither allows', () => {
    fc.assert(
      fc.property(aWorld, aWorld, (before, after) => {
        const held = new Held(compileAll(before));
        const closed = questionsAbout(inhabitants(after)).filter(
          question => !judge(held.all(), question) && !model(question),
        );
        const graph = graphOf(after);
        const wrong: string[] = [];
        held.settle(graph, () => {
          const opened = closed.filter(question => judge(held.all(), question));
          wrong.push(...opened.map(describeQuestion));
        });
        expect(wrong).toEqual([]);
        for (const key of graph.keys())
          expect(
            planPolicyWrites({
              wanted: compilePolicies(graph, key, DEFAULT_PROFILE),
              live: held.of(key),
            }),
          ).toEqual([]);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('when told only to narrow, never opens anything', () => {
    fc.assert(
      fc.property(aWorld, aWorld, (before, after) => {
        const held = new Held(compileAll(before));
        const closed = questionsAbout(inhabitants(after)).filter(
          question => !judge(held.all(), question),
        );
        const wrong: string[] = [];
        held.settle(
          graphOf(after),
          () => {
            const opened = closed.filter(question =>
              judge(held.all(), question),
            );
            wrong.push(...opened.map(describeQuestion));
          },
          true,
        );
        expect(wrong).toEqual([]);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('interrupts nothing that is allowed before and after', () => {
    fc.assert(
      fc.property(aWorld, aWorld, (before, changed) => {
        // Identities and the way of the traffic stay, only agreements change.
        const after = before.map((member, index) => {
          const { allowedCallers, dependencies } = (changed[index] ?? member)
            .spec;
          return {
            ...member,
            spec: { ...member.spec, allowedCallers, dependencies },
          };
        });
        const held = new Held(compileAll(before));
        const lasting = questionsAbout(inhabitants(after)).filter(
          question => judge(held.all(), question) && model(question),
        );
        const wrong: string[] = [];
        held.settle(graphOf(after), () => {
          const cut = lasting.filter(question => !judge(held.all(), question));
          wrong.push(...cut.map(describeQuestion));
        });
        expect(wrong).toEqual([]);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });
});

describe('comparison of a live policy with the compiled one', () => {
  const [policy] = compileAll([
    aMember('data/redis', { ports: [aPort(6379)] }),
  ]);

  it.each<[string, (live: KubernetesObject) => void]>([
    ['a second list of specs', live => void (live.specs = [{ ingress: [{}] }])],
    [
      'default deny switched off',
      live =>
        void ((live.spec as Record<string, unknown>).enableDefaultDeny = {
          ingress: false,
        }),
    ],
    [
      'an owner reference',
      live => void (live.metadata.ownerReferences = [{ uid: 'x' }]),
    ],
    [
      'an annotation',
      live =>
        void (live.metadata.annotations = {
          ...live.metadata.annotations,
          'istio.io/dry-run': 'true',
        }),
    ],
    [
      'a label',
      live =>
        void (live.metadata.labels = { ...live.metadata.labels, more: 'yes' }),
    ],
  ])('sees %s that somebody has added', (_, change) => {
    const live = structuredClone(policy);
    expect(isSamePolicy(policy, live)).toBe(true);
    change(live);
    expect(isSamePolicy(policy, live)).toBe(false);
    const writes = planPolicyWrites({ wanted: [policy], live: [live] });
    expect(writes.map(({ object }) => object)).toEqual([policy]);
  });

  it('takes no notice of what the server keeps', () => {
    const live = structuredClone(policy);
    live.metadata.uid = 'u';
    live.metadata.resourceVersion = '7';
    live.metadata.generation = 2;
    live.metadata.managedFields = [];
    live.status = { conditions: [] };
    expect(isSamePolicy(policy, live)).toBe(true);
  });
});

import {
  DEFAULT_PROFILE,
  DEFAULT_PROTECTED_NAMESPACES,
  KubernetesObject,
} from '@lattice-portal/backstage-plugin-lattice-common';
import {
  allQuestions,
  departed,
  describeOrder,
  EDIT_KINDS,
  editWorld,
  findFaults,
  formatFault,
  HAND_OVERS,
  handOverOrders,
  handOverWorlds,
  judgedWorld,
  JudgedCase,
  Judges,
  lintAll,
  Random,
  randomWorld,
  report,
  SEED,
  seedsOf,
  startJudges,
  TransitionJudging,
  TransitionState,
  withManifests,
  World,
} from 'lab';
import { KINDS } from '../clusters/kinds';
import { atWork } from './__testUtils__/atWork';
import { aPodManifest } from './__testUtils__/manifests';
import { readDeclaration } from './readDeclaration';

const EDITS_PER_KIND = Number(process.env.LATTICE_EDITS ?? 2);
/** Several times what the controller waits before it looks again at something stale. */
const SETTLE_MS = 1_200;
const RULES = {
  allowedRepositories: [],
  protectedNamespaces: DEFAULT_PROTECTED_NAMESPACES,
  platformObjects: [],
};
const POLICY_KINDS = [
  'CiliumNetworkPolicy',
  'AuthorizationPolicy',
  'PeerAuthentication',
] as const;

jest.setTimeout(180_000);

let judges: Judges;
beforeAll(async () => {
  judges = await startJudges();
}, 1_800_000);
afterAll(() => judges.close());

/** The real controller on a cluster that starts out as a world, and is led from one world to the next. */
class Stage {
  readonly #at = atWork();
  #world: World | undefined;

  async show(world: World): Promise<TransitionState[]> {
    const { cluster } = this.#at;
    const states: TransitionState[] = [];
    cluster.onWrite = () => {
      const write = cluster.writes.at(-1) ?? '';
      const [, kind, id = ''] = write.split(' ');
      if (!POLICY_KINDS.some(one => one === kind)) return;
      const [namespace] = id.split('/');
      states.push({ write, namespace, policies: this.policies() });
    };
    for (const { namespace, name, labels } of world.pods)
      cluster.put(aPodManifest(`${namespace}/${name}`, labels));
    const isIn = (list: readonly KubernetesObject[], one: KubernetesObject) =>
      list.some(other => idOf(other) === idOf(one));
    const before = this.#world?.manifests ?? [];
    for (const manifest of world.manifests)
      if (!before.includes(manifest)) this.#put(manifest);
    for (const manifest of before)
      if (!isIn(world.manifests, manifest)) this.#remove(manifest);
    this.#world = world;
    await this.#at.settle(SETTLE_MS);
    return states;
  }

  policies(): KubernetesObject[] {
    return POLICY_KINDS.flatMap(kind =>
      this.#at.cluster
        .all(KINDS[kind])
        .map(({ status: _status, ...policy }) => policy as KubernetesObject),
    );
  }

  stop(): Promise<void> {
    return this.#at.stop();
  }

  /** Keeps what the controller has put on the object. */
  #put(manifest: KubernetesObject): void {
    const { cluster } = this.#at;
    const held = cluster.get(kindOf(manifest), keyOf(manifest));
    cluster.put({
      ...manifest,
      ...(held?.status ? { status: held.status } : {}),
      metadata: {
        ...manifest.metadata,
        ...(held ? { finalizers: held.metadata.finalizers } : {}),
      },
    });
  }

  #remove(manifest: KubernetesObject): void {
    this.#at.cluster.remove(kindOf(manifest), keyOf(manifest));
  }
}

function idOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.namespace}/${metadata.name}`;
}

function kindOf({ kind }: KubernetesObject) {
  return kind === 'LatticeService'
    ? KINDS.LatticeService
    : KINDS.LatticeMeshMember;
}

function keyOf({ metadata: { namespace = '', name } }: KubernetesObject) {
  return { namespace, name };
}

/** Leads the controller through worlds; every write on the way and the rest at the end of each step are judged. */
class Walks {
  readonly #judging: TransitionJudging;
  readonly #ends: { name: string; world: World; judged: JudgedCase }[] = [];

  constructor(law: { isUninterrupted: boolean }) {
    this.#judging = new TransitionJudging(law);
  }

  async walk(name: string, worlds: readonly World[]): Promise<void> {
    const stage = new Stage();
    await stage.show(worlds[0]);
    for (let step = 1; step < worlds.length; step++) {
      const [before, after] = [worlds[step - 1], worlds[step]];
      const states = await stage.show(after);
      const title = `${name}, step ${step}`;
      this.#judging.add({ name: title, before, after, states });
      const policies = stage.policies();
      this.#ends.push({
        name: title,
        world: after,
        judged: {
          world: judgedWorld(after, policies),
          questions: allQuestions(after),
        },
      });
    }
    await stage.stop();
  }

  async judge(what: string): Promise<string[]> {
    const onTheWay = this.#judging.cases;
    const atRest = this.#ends.map(({ judged }) => judged);
    const cases = [...onTheWay, ...atRest];
    const answers = await judges.ask(cases);
    report(what, {
      states: cases.length,
      questions: cases.reduce((sum, one) => sum + one.questions.length, 0),
    });
    const wrongAtRest = this.#ends.flatMap(({ name, world, judged }, index) => {
      const answer = answers[onTheWay.length + index];
      return [
        ...lintAll(judged.world.policies as KubernetesObject[]),
        ...findFaults(world, judged.questions, answer).faults,
      ].map(fault => `${name}, at rest: ${formatFault(fault)}`);
    });
    return [...this.#judging.findFaults(answers), ...wrongAtRest].slice(0, 20);
  }
}

describe('the controller before the real engines, after every single write', () => {
  it.each(HAND_OVERS)(
    'hands a key over between member and service in any order, losing and opening nothing: $name',
    async handOver => {
      const walks = new Walks({ isUninterrupted: true });
      for (const order of handOverOrders()) {
        const worlds = handOverWorlds(handOver, order).map(withDefaults);
        await walks.walk(describeOrder(order), worlds);
      }
      const what = `judged hand-over, ${handOver.name}`;
      expect(await walks.judge(what)).toEqual([]);
    },
  );

  it.each(EDIT_KINDS)(
    'opens nothing that neither the old nor the new declarations agree on, and cuts nothing that both do: %s',
    async kind => {
      const random = new Random(SEED);
      // Two members that appear together wait for each other's guard, and what was nobody's business waits with them.
      const walks = new Walks({ isUninterrupted: kind !== 'all' });
      for (const seed of seedsOf(EDITS_PER_KIND)) {
        const edited = editWorld(randomWorld(seed), kind, random);
        const before = admitted(withDefaults(edited.before));
        const after = admitted(withDefaults(edited.after));
        await walks.walk(`seed ${seed}`, [
          before,
          { ...after, departed: departed(before, after) },
        ]);
      }
      expect(await walks.judge(`judged edits, ${kind}`)).toEqual([]);
    },
  );
});

/** The world without what admission refuses: such a declaration is frozen, not applied. */
function admitted(world: World): World {
  const manifests = world.manifests
    .map(withoutEntities)
    .filter(manifest => readDeclaration(manifest, RULES, world.profile).ok);
  return withManifests(world, manifests);
}

function withoutEntities(manifest: KubernetesObject): KubernetesObject {
  const spec = manifest.spec as { egress?: { target: object }[] };
  const egress = spec.egress?.filter(({ target }) => !('entity' in target));
  return { ...manifest, spec: { ...spec, ...(egress ? { egress } : {}) } };
}

function withDefaults(world: World): World {
  return { ...world, profile: DEFAULT_PROFILE };
}

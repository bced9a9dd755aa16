import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import {
  JudgeAnswer,
  JudgedCase,
  Judges,
  Question,
  startJudges,
} from '../judges';
import { effectiveMembers, isPodOf } from './agreement';
import { allQuestions } from './allQuestions';
import { BilateralModel } from './bilateralModel';
import { compileWorld, judgedWorld } from './compileWorld';
import { Random } from './Random';
import { randomWorld, readManifest, withManifests } from './randomWorld';
import { report, SEED, seedsOf, worldCount } from './runSettings';
import { podId, World } from './types';

const WORLDS = Math.ceil(worldCount(100) / 5);

jest.setTimeout(120_000 + WORLDS * 2_000);

let judges: Judges;
beforeAll(async () => {
  judges = await startJudges();
}, 1_800_000);
afterAll(() => judges.close());

type Spec = Record<string, unknown>;

/** Two worlds that differ in their declarations alone. */
interface Pair {
  readonly before: World;
  readonly after: World;
}

interface Difference {
  readonly pair: Pair;
  readonly opened: readonly Question[];
  readonly closed: readonly Question[];
}

/** What the engines answer differently in the second world of each pair. */
async function compare(
  what: string,
  pairs: readonly Pair[],
): Promise<Difference[]> {
  const caseOf = (world: World, questions: Question[]): JudgedCase => ({
    world: judgedWorld(world, compileWorld(world)),
    questions,
  });
  const asked = pairs.map(({ before, after }) =>
    allQuestions({
      ...before,
      declared: [...before.declared, ...after.declared],
    }),
  );
  const answers = await judges.ask(
    pairs.flatMap(({ before, after }, index) => [
      caseOf(before, asked[index]),
      caseOf(after, asked[index]),
    ]),
  );
  report(`judged law, ${what}`, {
    pairs: pairs.length,
    questions: 2 * asked.reduce((sum, questions) => sum + questions.length, 0),
  });
  return pairs.map((pair, index) => {
    const isPassed = ({ verdicts }: JudgeAnswer, at: number) =>
      verdicts[at].allowed;
    const [old, now] = [answers[2 * index], answers[2 * index + 1]];
    return {
      pair,
      opened: asked[index].filter(
        (_, at) => !isPassed(old, at) && isPassed(now, at),
      ),
      closed: asked[index].filter(
        (_, at) => isPassed(old, at) && !isPassed(now, at),
      ),
    };
  });
}

function describeAll(
  differences: readonly Difference[],
  which: 'opened' | 'closed',
): string[] {
  return differences
    .flatMap(one =>
      one[which].map(
        ({ from, to, port, protocol }) =>
          `seed ${one.pair.before.seed}: ${which} ${from} -> ${to} ${port}/${protocol}`,
      ),
    )
    .slice(0, 20);
}

/** The law would hold of changes that change nothing. Among few worlds there may be none that does. */
function expectSomethingClosed(differences: readonly Difference[]): void {
  const closed = differences.filter(one => one.closed.length > 0);
  expect(closed.length).toBeGreaterThan(differences.length < 10 ? -1 : 0);
}

/** Changes the spec of one manifest. */
function changing(
  world: World,
  subject: KubernetesObject,
  change: (spec: Spec) => Spec,
): World {
  return withManifests(
    world,
    world.manifests.map(one =>
      one === subject ? { ...one, spec: change(one.spec as Spec) } : one,
    ),
  );
}

const isMember = ({ kind }: KubernetesObject) => kind === 'LatticeMeshMember';
const worlds = () => seedsOf(WORLDS).map(seed => randomWorld(seed));

/** Whether nobody but the subject says anything about it, by name or by wildcard. */
function hushed(world: World, subject: KubernetesObject): World {
  const { namespace, name } = subject.metadata;
  const speaksOf = (written: unknown, home: string | undefined) => {
    const [reference] = readReferences(written, home);
    return (
      (reference.name === '*' || reference.name === name) &&
      (reference.namespace ?? namespace) === namespace
    );
  };
  const manifests = world.manifests.filter(isMember).map(one => {
    if (one === subject) return one;
    const spec = one.spec as Spec;
    const without = (field: string) =>
      ((spec[field] ?? []) as unknown[]).filter(
        written => !speaksOf(written, one.metadata.namespace),
      );
    return {
      ...one,
      spec: {
        ...spec,
        dependsAll: false,
        allowedCallers: without('allowedCallers'),
        dependencies: without('dependencies'),
      },
    };
  });
  return withManifests(world, manifests);
}

function readReferences(written: unknown, home: string | undefined) {
  const { spec } = readManifest({
    apiVersion: 'lattice.dev/v1alpha1',
    kind: 'LatticeMeshMember',
    metadata: { namespace: home, name: 'any' },
    spec: { target: { selector: { app: 'any' } }, dependencies: [written] },
  });
  return spec.dependencies;
}

describe('laws of change before the real engines', () => {
  it.each(['allowedCallers', 'dependencies'])(
    'taking away one of %s opens nothing',
    async field => {
      const random = new Random(SEED);
      const pairs = worlds().flatMap(before => {
        const subject = random.pick(
          before.manifests.filter(
            one =>
              isMember(one) &&
              ((one.spec as Spec)[field] as unknown[]).length > 0,
          ),
        );
        const after = changing(before, subject, spec => {
          const list = spec[field] as unknown[];
          const gone = random.int(0, list.length - 1);
          return { ...spec, [field]: list.filter((_, at) => at !== gone) };
        });
        return [{ before, after }];
      });
      const differences = await compare(`fewer ${field}`, pairs);
      expect(describeAll(differences, 'opened')).toEqual([]);
      expectSomethingClosed(differences);
    },
  );

  it('a new member changes only what touches its own pods', async () => {
    const random = new Random(SEED);
    const pairs = worlds().map(after => {
      const arriving = random.pick(after.manifests);
      const before = withManifests(
        after,
        after.manifests.filter(
          ({ metadata }) =>
            metadata.name !== arriving.metadata.name ||
            metadata.namespace !== arriving.metadata.namespace,
        ),
      );
      return { before, after, arriving };
    });
    const differences = await compare('one more member', pairs);
    const elsewhere = differences.map((difference, index) => {
      const { arriving, after } = pairs[index];
      const own = effectiveMembers(after.declared).filter(
        ({ metadata }) =>
          metadata.name === arriving.metadata.name &&
          metadata.namespace === arriving.metadata.namespace,
      );
      const touched = after.pods
        .filter(pod => own.some(member => isPodOf(member, pod)))
        .map(podId);
      const model = new BilateralModel(after);
      const isElsewhere = (question: Question) =>
        !touched.includes(question.from) &&
        !touched.includes(question.to) &&
        !model.passesByAccount(question);
      return {
        ...difference,
        opened: difference.opened.filter(isElsewhere),
        closed: difference.closed.filter(isElsewhere),
      };
    });
    expect(describeAll(elsewhere, 'opened')).toEqual([]);
    expect(describeAll(elsewhere, 'closed')).toEqual([]);
    expectSomethingClosed(differences);
  });

  it('whatever one side declares alone opens nothing', async () => {
    const random = new Random(SEED);
    const pairs = worlds().map(world => {
      const subject = random.pick(world.manifests.filter(isMember));
      const before = hushed(world, subject);
      const after = changing(before, subject, spec => ({
        ...spec,
        dependsAll: true,
        allowedCallers: ['*'],
        dependencies: before.manifests
          .filter(one => one !== subject)
          .map(({ metadata: { namespace, name } }) => ({ namespace, name })),
      }));
      return { before, after };
    });
    const differences = await compare('one side alone', pairs);
    expect(describeAll(differences, 'opened')).toEqual([]);
    expect(describeAll(differences, 'closed')).toEqual([]);
  });

  it('the order of declarations makes no difference, byte by byte', () => {
    const random = new Random(SEED);
    for (const world of worlds()) {
      const shuffled = withManifests(world, random.shuffle(world.manifests));
      expect(JSON.stringify(compileWorld(shuffled))).toBe(
        JSON.stringify(compileWorld(world)),
      );
    }
  });
});

import {
  ANNOTATION_POLICY_EDGES,
  KubernetesObject,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { idOf } from '../Cluster';
import { compileWorld } from '../compileWorld';
import { withManifests } from '../randomWorld';
import { World } from '../types';
import { NaiveUpdate, Pitfall } from './Pitfall';
import { declaring, Json } from './rewrite';

const editing =
  (change: (spec: Json) => Json, ...members: string[]) =>
  (world: World) =>
    withManifests(world, world.manifests.map(declaring(change, ...members)));

const removing = (name: string) => (world: World) => ({
  ...withManifests(
    world,
    world.manifests.filter(({ metadata }) => metadata.name !== name),
  ),
  departed: world.declared.filter(({ metadata }) => metadata.name === name),
});

const allowNobody = editing(spec => ({ ...spec, allowedCallers: [] }), 'redis');

/** What the compiler makes of the new world, each object beside what is live. */
function eachWanted(
  live: readonly KubernetesObject[],
  after: World,
  merge: (
    wanted: KubernetesObject,
    held: KubernetesObject | undefined,
  ) => KubernetesObject,
): KubernetesObject[] {
  const wanted = compileWorld(after);
  const kept = live.filter(
    held => !wanted.some(object => idOf(object) === idOf(held)),
  );
  return [
    ...wanted.map(object =>
      merge(
        object,
        live.find(held => idOf(held) === idOf(object)),
      ),
    ),
    ...kept,
  ];
}

/** JSON merge patch: what the patch does not name stays. */
function mergePatch(held: unknown, patch: unknown): unknown {
  if (!isRecord(held) || !isRecord(patch)) return patch;
  const merged: Json = { ...held };
  for (const [key, value] of Object.entries(patch))
    merged[key] = mergePatch(held[key], value);
  return merged;
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function keepNonEmpty(wanted: Json, held: Json): Json {
  return Object.fromEntries(
    [...new Set([...Object.keys(held), ...Object.keys(wanted)])].map(key => {
      const [rules, old] = [wanted[key], held[key]];
      const isBare =
        rules === undefined || (Array.isArray(rules) && rules.length === 1);
      return [key, Array.isArray(old) && isBare ? old : rules];
    }),
  );
}

const P39: NaiveUpdate = {
  way: 'nothing is written while the list of agreements stays the same',
  edit: editing(
    spec => ({ ...spec, ports: [{ port: 6380, name: 'redis' }] }),
    'redis',
  ),
  update: (live, after) =>
    eachWanted(live, after, (wanted, held) =>
      held &&
      held.metadata.annotations?.[ANNOTATION_POLICY_EDGES] ===
        wanted.metadata.annotations?.[ANNOTATION_POLICY_EDGES]
        ? held
        : wanted,
    ),
  caughtAs: ['false deny', 'false allow'],
};

const P40: NaiveUpdate = {
  way: 'policies of the network are neither tracked nor removed',
  // The pods run again, and this time nobody declares them.
  edit: world => ({ ...removing('mute')(world), departed: [] }),
  meanwhile: world => ({
    ...world,
    pods: world.pods.filter(({ name }) => name !== 'mute-0'),
  }),
  update: (live, after) =>
    eachWanted(live, after, wanted => wanted).filter(
      ({ kind, metadata }) =>
        kind === 'CiliumNetworkPolicy' ||
        compileWorld(after).some(one => one.metadata.name === metadata.name),
    ),
  caughtAs: ['false deny'],
};

const P41: NaiveUpdate = {
  way: 'an empty list leaves the old one in place',
  edit: allowNobody,
  update: (live, after) =>
    eachWanted(live, after, (wanted, held) =>
      held
        ? {
            ...wanted,
            spec: keepNonEmpty(wanted.spec as Json, held.spec as Json),
          }
        : wanted,
    ),
  caughtAs: ['callee not closed by itself'],
};

const P42: NaiveUpdate = {
  way: 'policies are changed by merge patch',
  edit: allowNobody,
  update: (live, after) =>
    eachWanted(
      live,
      after,
      (wanted, held) => mergePatch(held, wanted) as KubernetesObject,
    ),
  caughtAs: ['callee not closed by itself'],
};

const P43: NaiveUpdate = {
  way: 'only the policies of the one that changed are compiled again',
  edit: editing(spec => ({ ...spec, dependencies: [] }), 'web'),
  update: (live, after) =>
    eachWanted(live, after, (wanted, held) =>
      held && !wanted.metadata.name.includes('-web-') ? held : wanted,
    ),
  caughtAs: ['callee not closed by itself'],
};

const P44: NaiveUpdate = {
  way: 'what a failed list does not show is taken for gone',
  // Nothing has changed: the lists of one namespace have failed.
  edit: world => world,
  update: live => live.filter(({ metadata }) => metadata.namespace !== 'data'),
  caughtAs: ['false allow'],
};

/** Traps in going from one state to the next. */
export const updatePitfalls: readonly Pitfall[] = [
  {
    id: 'P20',
    kind: 'opens',
    trap: 'a pod whose last policy is deleted is open again',
    updates: [
      {
        way: 'the policies go with their member',
        edit: removing('mute'),
        update: (live, after) =>
          live.filter(held =>
            compileWorld(after).some(wanted => idOf(wanted) === idOf(held)),
          ),
        caughtAs: ['false allow'],
      },
    ],
    guards: [
      {
        what: 'the controller keeps pods denied',
        file: 'plugins/lattice-backend/src/mesh/createMeshController.test.ts',
        test: 'denies everything while pods run, deletes the policies when none is left, then lets the member go',
      },
    ],
  },
  {
    id: 'P24',
    kind: 'opens',
    trap: 'Cilium audits or never enforces: the objects are right and nothing holds',
    updates: [
      {
        way: 'objects are taken for enforcement',
        edit: world => world,
        update: live =>
          live.filter(({ kind }) => kind !== 'CiliumNetworkPolicy'),
        caughtAs: ['false allow'],
      },
    ],
    open: 'the judges show what an engine that does not enforce lets through; nothing reads yet whether a cluster enforces',
  },
  {
    id: 'P39',
    kind: 'stale',
    trap: 'unchanged agreements are taken for unchanged policies',
    updates: [P39],
    guards: [
      {
        what: 'the controller follows changes that leave the agreements alone',
        file: 'plugins/lattice-backend/src/mesh/createMeshController.test.ts',
        test: 'follows a changed service account of a caller',
      },
    ],
  },
  {
    id: 'P40',
    kind: 'stale',
    trap: 'policies outlive their member unnoticed',
    updates: [P40],
    guards: [
      {
        what: 'the controller deletes with the last pod',
        file: 'plugins/lattice-backend/src/mesh/createMeshController.test.ts',
        test: 'makes the policies of a service that is gone deny-only, and deletes them with the last pod',
      },
    ],
  },
  {
    id: 'P41',
    kind: 'stale',
    trap: 'old callers are kept when the new list is empty',
    updates: [P41],
  },
  {
    id: 'P42',
    kind: 'stale',
    trap: 'a merge patch does not remove what is absent',
    updates: [P42],
  },
  {
    id: 'P43',
    kind: 'stale',
    trap: 'the caller withdraws, and only its own policies are compiled again',
    updates: [P43],
    guards: [
      {
        what: 'the controller closes both sides',
        file: 'plugins/lattice-backend/src/mesh/createMeshController.test.ts',
        test: 'closes both sides when the caller withdraws',
      },
    ],
  },
  {
    id: 'P44',
    kind: 'opens',
    trap: 'policies are removed on partial input',
    updates: [P44],
    guards: [
      {
        what: 'nothing is written on partial input',
        file: 'plugins/lattice-backend/src/mesh/createMeshController.test.ts',
        test: 'writes nothing while any list is incomplete',
      },
    ],
  },
];

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { compileWorld } from '../compileWorld';
import { applyMutation } from './applyMutation';
import { KNOWN_PITFALLS, PITFALLS } from './pitfalls';
import { showcase } from './showcase';

const ROOT = path.resolve(__dirname, '../../../../..');

describe('the list of pitfalls', () => {
  it('leaves none out', () => {
    expect(PITFALLS.map(({ id }) => id)).toEqual(
      Array.from({ length: KNOWN_PITFALLS }, (_, index) => `P${index + 1}`),
    );
  });

  it('has something that turns red, or a guard, for each', () => {
    const bare = PITFALLS.filter(
      ({ mutations = [], updates = [], claims = [], guards = [] }) =>
        mutations.length + updates.length + claims.length + guards.length === 0,
    );
    expect(bare.map(({ id }) => id)).toEqual([]);
  });

  it.each(
    PITFALLS.flatMap(({ id, guards = [] }) =>
      guards.map(guard => ({ id, ...guard })),
    ),
  )('$id: $what', ({ file, test }) => {
    expect(readFileSync(path.join(ROOT, file), 'utf8')).toContain(test);
  });

  const world = showcase();
  const compiled = JSON.stringify([compileWorld(world), world.pods]);

  it.each(
    PITFALLS.flatMap(({ id, mutations = [] }) =>
      mutations.map(mutation => ({ id, mutation, way: mutation.way })),
    ),
  )('$id, $way: changes something', ({ mutation }) => {
    const outcome = applyMutation(mutation, world);
    expect(JSON.stringify([outcome.policies, outcome.world.pods])).not.toBe(
      compiled,
    );
  });
});

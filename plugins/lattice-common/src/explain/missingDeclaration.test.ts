import { parse } from 'yaml';
import { LatticeMember } from '../api/memberModel';
import { ParseResult } from '../api/object';
import { parseMember } from '../api/parseMember';
import { parseService } from '../api/parseService';
import { ask, aWorldOf } from './__testUtils__/aWorld';
import { explain } from './explain';
import { ObjectRef } from './engines';

type Json = Record<string, unknown>;

/** JSON merge patch, as the API server applies it. */
function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch))
    return patch;
  const base =
    typeof target === 'object' && target !== null && !Array.isArray(target)
      ? (target as Json)
      : {};
  return Object.fromEntries(
    [...new Set([...Object.keys(base), ...Object.keys(patch)])].map(key => [
      key,
      key in patch ? merge(base[key], (patch as Json)[key]) : base[key],
    ]),
  );
}

function aManifest(kind: string, id: string, spec: Json): Json {
  const [namespace, name] = id.split('/');
  return {
    apiVersion: 'lattice.dev/v1alpha1',
    kind,
    metadata: { namespace, name },
    spec,
  };
}

function read(manifest: Json): LatticeMember {
  const parser =
    manifest.kind === 'LatticeService' ? parseService : parseMember;
  const result: ParseResult<LatticeMember> = parser(manifest);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

const ofKind = (
  manifests: readonly Json[],
  { kind, name, namespace }: ObjectRef,
) =>
  manifests.findIndex(one => {
    const metadata = one.metadata as Json;
    return (
      one.kind === kind &&
      metadata.name === name &&
      metadata.namespace === namespace
    );
  });

const aRedis = (spec: Json = {}) =>
  aManifest('LatticeMeshMember', 'data/redis', {
    target: { selector: { app: 'redis' } },
    ports: [{ port: 6379, name: 'redis' }],
    ...spec,
  });
const aCheckout = (resources: Json = {}) =>
  aManifest('LatticeService', 'commerce/checkout', { workload: { resources } });
const aCaller = (spec: Json = {}) =>
  aManifest('LatticeMeshMember', 'commerce/checkout', {
    target: { selector: { app: 'checkout' } },
    ...spec,
  });

describe('patches for what is missing', () => {
  it.each<[string, Json[], number?]>([
    ['neither side has declared', [aRedis(), aCheckout()]],
    [
      'the service lacks its half',
      [
        aRedis({
          allowedCallers: [{ name: 'checkout', namespace: 'commerce' }],
        }),
        aCheckout(),
      ],
    ],
    [
      'the service has the other direction',
      [
        aRedis({ allowedCallers: ['commerce/checkout'] }),
        aCheckout({
          redis: { type: 'service', direction: 'inbound', namespace: 'data' },
        }),
      ],
    ],
    [
      'another resource has the name',
      [
        aRedis({ allowedCallers: ['commerce/checkout'] }),
        aCheckout({ redis: { type: 'service', direction: 'outbound' } }),
      ],
    ],
    [
      'the member keeps its other callers',
      [
        aRedis({
          allowedCallers: [{ name: 'inventory', namespace: 'commerce' }],
        }),
        aCaller({ dependencies: ['data/other'] }),
      ],
    ],
    ['nothing declares the callee', [aCaller()]],
    ['nothing declares either', []],
    [
      'the port is missing',
      [
        aRedis({ allowedCallers: ['commerce/checkout'] }),
        aCaller({ dependencies: ['data/redis'] }),
      ],
      9121,
    ],
    [
      'the caller is outside of the mesh',
      [
        aRedis({ allowedCallers: ['commerce/checkout'] }),
        aCaller({ dependencies: ['data/redis'], ambient: false }),
      ],
    ],
  ])('open the pair when %s', (_, before, ...[port]) => {
    const manifests = [...before];
    const question = ask('commerce/checkout -> data/redis', { port });
    const worldNow = () => aWorldOf(manifests.map(read));
    expect(explain(question, worldNow()).verdict).not.toBe('allowed');
    for (let pass = 0; pass < 3; pass++) {
      const { missing, alsoMissing = [] } = explain(question, worldNow());
      for (const { object, patch } of missing
        ? [missing, ...alsoMissing]
        : []) {
        const index = ofKind(manifests, object);
        if (index < 0) manifests.push(parse(patch));
        else manifests[index] = merge(manifests[index], parse(patch)) as Json;
      }
    }
    expect(explain(question, worldNow()).verdict).toBe('allowed');
  });

  it('keep what the lists held', () => {
    const { missing } = explain(
      ask('commerce/checkout -> data/redis'),
      aWorldOf([
        read(
          aRedis({
            allowedCallers: [{ name: 'inventory', namespace: 'commerce' }],
          }),
        ),
        read(aCaller({ dependencies: ['data/redis'] })),
      ]),
    );
    expect(parse(missing?.patch ?? '')).toEqual({
      spec: {
        allowedCallers: [
          { name: 'inventory', namespace: 'commerce' },
          { name: 'checkout', namespace: 'commerce' },
        ],
      },
    });
  });

  it('change a package where its mesh block is the declaration', () => {
    const fromPackage = { namespace: 'data', name: 'redis' };
    const { missing } = explain(
      ask('commerce/checkout -> data/redis'),
      aWorldOf([
        { ...read(aRedis()), fromPackage },
        read(aCaller({ dependencies: ['data/redis'] })),
      ]),
    );
    expect(missing?.object.kind).toBe('LatticePackage');
    expect(parse(missing?.patch ?? '')).toEqual({
      spec: {
        mesh: { allowedCallers: [{ name: 'checkout', namespace: 'commerce' }] },
      },
    });
  });
});

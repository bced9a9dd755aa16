/**
 * @jest-environment node
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KubernetesObject } from '../api/object';
import { customResourceDefinitions } from './customResourceDefinitions';
import { renderCrds } from './renderCrds';
import { StructuralSchema } from './structuralSchema';

const folder = join(__dirname, '../../../../deploy/crds');

describe('deploy/crds', () => {
  it('holds what the schemas say; else run generate:crds', () => {
    const onDisk = Object.fromEntries(
      readdirSync(folder).map(file => [
        file,
        readFileSync(join(folder, file), 'utf8'),
      ]),
    );
    expect(onDisk).toEqual(renderCrds());
  });
});

function schemaOf(crd: KubernetesObject): StructuralSchema {
  const { versions } = crd.spec as {
    versions: [{ schema: { openAPIV3Schema: StructuralSchema } }];
  };
  return versions[0].schema.openAPIV3Schema;
}

interface Place {
  readonly path: string;
  readonly node: StructuralSchema;
}

function below({ path, node }: Place): Place[] {
  return Object.entries({
    ...node.properties,
    ...(node.items ? { '[]': node.items } : {}),
    ...(node.additionalProperties ? { '*': node.additionalProperties } : {}),
  }).flatMap(([key, child]) => {
    const place = { path: `${path}.${key}`, node: child };
    return [place, ...below(place)];
  });
}

const PLACES = Object.values(customResourceDefinitions()).flatMap(crd => {
  const root = {
    path: crd.kind && String(crd.metadata.name),
    node: schemaOf(crd),
  };
  return [root, ...below(root)];
});

describe('the generated schemas', () => {
  it('give every place a type, or keep whatever is there', () => {
    const untyped = PLACES.filter(
      ({ node }) =>
        node.type === undefined &&
        !node['x-kubernetes-preserve-unknown-fields'],
    );
    expect(untyped.map(({ path }) => path)).toEqual([]);
  });

  /** Of old, so that no object can break them: they came with the field. */
  const FROM_THE_START = [
    'latticemeshmembers.lattice.dev.spec.target',
    'secretproviders.lattice.dev.spec.provider',
  ];

  it('have no rule where unknown fields are kept below, which would lock old objects', () => {
    const keepsUnknown = (place: Place) =>
      below(place)
        .filter(({ path }) => !path.slice(place.path.length).includes('[]'))
        .some(({ node }) => node['x-kubernetes-preserve-unknown-fields']);
    const wrong = PLACES.filter(
      place => place.node['x-kubernetes-validations'] && keepsUnknown(place),
    ).map(({ path }) => path);
    expect(wrong).toEqual(FROM_THE_START);
  });

  it('start every status unseen, with one condition of each type', () => {
    const statuses = PLACES.filter(({ path }) => path.endsWith('.dev.status'));
    expect(statuses).toHaveLength(5);
    for (const { node } of statuses) {
      expect(node.default).toEqual({ observedGeneration: -1 });
      expect(node.properties?.conditions).toMatchObject({
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['type'],
      });
    }
  });
});

import { JsonObject, LatticePackage, parsePackage } from '../src';

/** A tree that the Rust reference was measured on. */
export interface Shape {
  readonly containers: number;
  readonly references: number;
  /** Its median, in microseconds. */
  readonly referenceUs: number;
}

/** Shapes with known figures. */
export const SHAPES: readonly Shape[] = [
  { containers: 20, references: 50, referenceUs: 880 },
  { containers: 50, references: 100, referenceUs: 4_400 },
];

/** How many references a tree of this shape holds. */
export function referencesIn(containers: number, references: number): number {
  return containers * references;
}

/** Values of a chart: containers with an image, ports and environment variables that refer to secrets. */
export function containersTree(
  containers: number,
  references: number,
): JsonObject {
  return {
    replicas: 3,
    containers: Array.from({ length: containers }, (_, container) => ({
      name: `container-${container}`,
      image: `registry.example.com/app-${container}:1.0.0`,
      ports: [{ name: 'http', containerPort: 8080 }],
      env: Array.from({ length: references }, (__, index) => ({
        name: `VARIABLE_${index}`,
        value: `\${resources.dep-${index}.password}`,
      })),
    })),
  };
}

/** A package with these values and a resource for every reference. */
export function aPackageOf(
  values: JsonObject,
  references: number,
): LatticePackage {
  const parsed = parsePackage({
    apiVersion: 'lattice.dev/v1alpha1',
    kind: 'LatticePackage',
    metadata: { name: 'bench', namespace: 'data', uid: 'uid-1' },
    spec: {
      chart: {
        repository: 'oci://registry.example.com/charts',
        name: 'bench',
        version: '1.0.0',
      },
      values,
      resources: Object.fromEntries(
        Array.from({ length: references }, (_, index) => [
          `dep-${index}`,
          { type: 'secret', params: { provider: 'vault' } },
        ]),
      ),
    },
  });
  if (!parsed.ok) {
    throw new Error(JSON.stringify(parsed.problems));
  }
  return parsed.value;
}

/** What the store holds for them. */
export function syncedSecrets(
  references: number,
): Map<string, Map<string, string>> {
  return new Map(
    Array.from({ length: references }, (_, index) => [
      `dep-${index}`,
      new Map([['password', `secret-${index}`]]),
    ]),
  );
}

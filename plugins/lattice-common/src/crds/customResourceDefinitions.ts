import { LATTICE_GROUP, LATTICE_VERSION } from '../annotations';
import { KubernetesObject } from '../api/object';
import { memberSpecSchema } from '../api/schemas/memberSchema';
import { packageSpecSchema } from '../api/schemas/packageSchema';
import { policySpecSchema } from '../api/schemas/policySchema';
import { serviceSpecSchema } from '../api/schemas/serviceSchema';
import { providerSpecSchema } from '../api/schemas/providerSchema';
import { StructuralSchema, structuralSchema } from './structuralSchema';

interface PrintColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date' | 'boolean';
  readonly jsonPath: string;
}

interface Definition {
  readonly kind: string;
  readonly plural: string;
  readonly shortNames?: readonly string[];
  readonly description: string;
  readonly spec: StructuralSchema;
  readonly columns: readonly PrintColumn[];
}

const READY: PrintColumn = {
  name: 'Ready',
  type: 'string',
  jsonPath: '.status.conditions[?(@.type=="Ready")].status',
};
const PHASE: PrintColumn = {
  name: 'Phase',
  type: 'string',
  jsonPath: '.status.phase',
};
const AGE: PrintColumn = {
  name: 'Age',
  type: 'date',
  jsonPath: '.metadata.creationTimestamp',
};

const CONDITION: StructuralSchema = {
  type: 'object',
  required: ['type', 'status'],
  properties: {
    type: { type: 'string', maxLength: 316 },
    status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
    reason: { type: 'string', maxLength: 1024 },
    message: { type: 'string', maxLength: 32768 },
    lastTransitionTime: { type: 'string', format: 'date-time' },
    observedGeneration: { type: 'integer', format: 'int64' },
  },
};

/** Starts at -1, so that nobody takes an object for ready before a controller has seen it. */
const STATUS: StructuralSchema = {
  type: 'object',
  description: 'What the controller reports; a hint, never a permission',
  default: { observedGeneration: -1 },
  'x-kubernetes-preserve-unknown-fields': true,
  properties: {
    observedGeneration: { type: 'integer', format: 'int64' },
    phase: { type: 'string' },
    conditions: {
      type: 'array',
      items: CONDITION,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
    },
  },
};

const DEFINITIONS: readonly Definition[] = [
  {
    kind: 'LatticePackage',
    plural: 'latticepackages',
    shortNames: ['lpkg'],
    description:
      'A Helm chart with pinned version, values and secret references',
    spec: structuralSchema(packageSpecSchema),
    columns: [
      READY,
      PHASE,
      { name: 'Chart', type: 'string', jsonPath: '.spec.chart.name' },
      { name: 'Version', type: 'string', jsonPath: '.spec.chart.version' },
      {
        name: 'Revision',
        type: 'integer',
        jsonPath: '.status.release.revision',
      },
      AGE,
    ],
  },
  {
    kind: 'LatticeMeshMember',
    plural: 'latticemeshmembers',
    shortNames: ['lmm'],
    description: 'How a workload takes part in the mesh',
    spec: structuralSchema(memberSpecSchema),
    columns: [
      READY,
      PHASE,
      { name: 'Scope', type: 'string', jsonPath: '.status.scope' },
      AGE,
    ],
  },
  {
    kind: 'LatticeService',
    plural: 'latticeservices',
    shortNames: ['ls'],
    description: 'A service of the platform; the part that concerns the mesh',
    spec: structuralSchema(serviceSpecSchema, { keepUnknown: true }),
    columns: [
      { name: 'Strategy', type: 'string', jsonPath: '.spec.deploy.strategy' },
      READY,
      PHASE,
      AGE,
    ],
  },
  {
    kind: 'CedarPolicy',
    plural: 'cedarpolicies',
    description: 'Cedar policies that decide what packages may do',
    spec: structuralSchema(policySpecSchema, { keepUnknown: true }),
    columns: [
      { name: 'Description', type: 'string', jsonPath: '.spec.description' },
      PHASE,
      AGE,
    ],
  },
  {
    kind: 'SecretProvider',
    plural: 'secretproviders',
    description:
      'Where secrets come from. Lattice reads it, and leaves the acting to whoever offers secrets',
    spec: structuralSchema(providerSpecSchema),
    columns: [
      { name: 'Provider', type: 'string', jsonPath: '.status.providerType' },
      PHASE,
      AGE,
    ],
  },
];

function names({ kind, plural, shortNames }: Definition) {
  return {
    kind,
    listKind: `${kind}List`,
    plural,
    singular: kind.toLowerCase(),
    ...(shortNames ? { shortNames } : {}),
    categories: ['lattice'],
  };
}

function customResourceDefinition(definition: Definition): KubernetesObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${definition.plural}.${LATTICE_GROUP}` },
    spec: {
      group: LATTICE_GROUP,
      scope: 'Namespaced',
      names: names(definition),
      versions: [
        {
          name: LATTICE_VERSION,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: definition.columns,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              description: definition.description,
              required: ['spec'],
              properties: {
                apiVersion: { type: 'string' },
                kind: { type: 'string' },
                metadata: { type: 'object' },
                spec: definition.spec,
                status: STATUS,
              },
            },
          },
        },
      ],
    },
  };
}

/** File name -> CustomResourceDefinition, generated from the schemas that the parsers use. */
export function customResourceDefinitions(): Record<string, KubernetesObject> {
  return Object.fromEntries(
    DEFINITIONS.map(definition => [
      `${definition.plural}.yaml`,
      customResourceDefinition(definition),
    ]),
  );
}

import {
  createConditionExports,
  createPermissionResourceRef,
  createPermissionRule,
} from '@backstage/plugin-permission-node';
import {
  RESOURCE_TYPE_LATTICE_MEMBER,
  RESOURCE_TYPE_LATTICE_PACKAGE,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { z } from 'zod/v4';
import { FleetFilter, matchesFilter } from './FleetFilter';
import { FleetRecord } from './FleetRecord';
import { normaliseOwner } from './owners';

/** What permission rules of packages look at. */
export const latticePackagePermissionResourceRef = createPermissionResourceRef<
  FleetRecord,
  FleetFilter
>().with({ pluginId: 'lattice', resourceType: RESOURCE_TYPE_LATTICE_PACKAGE });

/** What permission rules of members look at. */
export const latticeMemberPermissionResourceRef = createPermissionResourceRef<
  FleetRecord,
  FleetFilter
>().with({ pluginId: 'lattice', resourceType: RESOURCE_TYPE_LATTICE_MEMBER });

const clusterParams = z.object({
  clusters: z.array(z.string()).describe('Names as in lattice.clusters'),
});
const namespaceParams = z.object({
  namespaces: z.array(z.string()).describe('Kubernetes namespaces'),
});
const ownerParams = z.object({
  claims: z
    .array(z.string())
    .describe('Entity refs, usually those that the user owns through'),
});
const labelParams = z.object({
  label: z.string().describe('Key of a label of the object'),
  value: z.string().optional().describe('Its value; any when absent'),
});

function clusterFilter(params: z.infer<typeof clusterParams>): FleetFilter {
  return { property: 'cluster', values: params.clusters };
}

function namespaceFilter(params: z.infer<typeof namespaceParams>): FleetFilter {
  return { property: 'namespace', values: params.namespaces };
}

function ownerFilter(params: z.infer<typeof ownerParams>): FleetFilter {
  return {
    property: 'owner',
    values: params.claims.flatMap(claim => normaliseOwner(claim) ?? []),
  };
}

function labelFilter(params: z.infer<typeof labelParams>): FleetFilter {
  return {
    property: 'label',
    label: params.label,
    ...(params.value !== undefined && { values: [params.value] }),
  };
}

/** Both forms of a rule from one filter, so that they cannot disagree. */
function fromFilter<Params>(filterOf: (params: Params) => FleetFilter) {
  return {
    apply: (record: FleetRecord, params: Params) =>
      matchesFilter(record, filterOf(params)),
    toQuery: filterOf,
  };
}

const IN_CLUSTER = {
  name: 'IS_IN_CLUSTER',
  description: 'Objects of the named clusters',
  paramsSchema: clusterParams,
  ...fromFilter(clusterFilter),
} as const;
const IN_NAMESPACE = {
  name: 'IS_IN_NAMESPACE',
  description: 'Objects in the named Kubernetes namespaces',
  paramsSchema: namespaceParams,
  ...fromFilter(namespaceFilter),
} as const;
const OWNER = {
  name: 'IS_OWNER',
  description: 'Objects in namespaces that one of the claims owns',
  paramsSchema: ownerParams,
  ...fromFilter(ownerFilter),
} as const;
const LABEL = {
  name: 'HAS_LABEL',
  description: 'Objects that carry the label',
  paramsSchema: labelParams,
  ...fromFilter(labelFilter),
} as const;

/** Rules of packages. */
export const latticePackageRules = {
  isInCluster: createPermissionRule({
    ...IN_CLUSTER,
    resourceRef: latticePackagePermissionResourceRef,
  }),
  isInNamespace: createPermissionRule({
    ...IN_NAMESPACE,
    resourceRef: latticePackagePermissionResourceRef,
  }),
  isOwner: createPermissionRule({
    ...OWNER,
    resourceRef: latticePackagePermissionResourceRef,
  }),
  hasLabel: createPermissionRule({
    ...LABEL,
    resourceRef: latticePackagePermissionResourceRef,
  }),
};

/** Rules of members. */
export const latticeMemberRules = {
  isInCluster: createPermissionRule({
    ...IN_CLUSTER,
    resourceRef: latticeMemberPermissionResourceRef,
  }),
  isInNamespace: createPermissionRule({
    ...IN_NAMESPACE,
    resourceRef: latticeMemberPermissionResourceRef,
  }),
  isOwner: createPermissionRule({
    ...OWNER,
    resourceRef: latticeMemberPermissionResourceRef,
  }),
  hasLabel: createPermissionRule({
    ...LABEL,
    resourceRef: latticeMemberPermissionResourceRef,
  }),
};

const packageExports = createConditionExports({
  resourceRef: latticePackagePermissionResourceRef,
  rules: latticePackageRules,
});
const memberExports = createConditionExports({
  resourceRef: latticeMemberPermissionResourceRef,
  rules: latticeMemberRules,
});

/** Conditions on packages, for permission policies. */
export const latticePackageConditions = packageExports.conditions;
/** Wraps conditions on packages into a decision. */
export const createLatticePackageConditionalDecision =
  packageExports.createConditionalDecision;
/** Conditions on members, for permission policies. */
export const latticeMemberConditions = memberExports.conditions;
/** Wraps conditions on members into a decision. */
export const createLatticeMemberConditionalDecision =
  memberExports.createConditionalDecision;

import { z } from 'zod/v4';
import { isRecord } from './json';
import { MemberEdgeStatus, MemberStatus } from './memberModel';
import { Condition } from './object';
import { PolicyStatus } from './policyModel';
import { ProviderStatus } from './providerModel';
import { PackageHistoryEntry, PackageStatus } from './packageModel';

/*
 * A status is a hint that others may have written: whatever cannot be read is left out, and never makes the
 * object unreadable.
 */

const conditionSchema = z.object({
  type: z.string(),
  status: z.enum(['True', 'False', 'Unknown']),
  reason: z.string().catch(''),
  message: z.string().catch(''),
  lastTransitionTime: z.string().catch(''),
  observedGeneration: z.int().optional().catch(undefined),
});

const operationSchema = z.object({
  id: z.string(),
  verb: z.enum(['install', 'upgrade', 'rollback', 'uninstall']),
  fromRevision: z.int(),
  expectedRevision: z.int(),
  startedAt: z.string(),
});

const releaseSchema = z.object({
  name: z.string(),
  namespace: z.string(),
  revision: z.int(),
});

const chartSchema = z.object({
  name: z.string(),
  version: z.string(),
  appVersion: z.string().optional().catch(undefined),
  digest: z.string().optional().catch(undefined),
});

const historySchema = z.object({
  revision: z.int(),
  verb: z.string().catch(''),
  chart: z.string().catch(''),
  version: z.string().catch(''),
  appVersion: z.string().optional().catch(undefined),
  digest: z.string().optional().catch(undefined),
  status: z.string().catch(''),
  finishedAt: z.string().catch(''),
});

const inventorySchema = z.object({ id: z.string(), version: z.string() });

const secretSchema = z.object({
  name: z.string(),
  key: z.string(),
  resourceVersion: z.string().optional().catch(undefined),
});

const attemptsSchema = z.object({
  key: z.string(),
  count: z.int(),
  nextRetryAt: z.string().optional().catch(undefined),
});

const packagePhase = z.enum([
  'Pending',
  'Progressing',
  'Ready',
  'Degraded',
  'Failed',
  'Deleting',
]);

const edgeSchema = z.object({
  direction: z.enum(['inbound', 'outbound']),
  peer: z.object({ namespace: z.string(), name: z.string() }),
  state: z.enum([
    'enforced',
    'agreed',
    'halfCaller',
    'halfCallee',
    'refused',
    'unknown',
  ]),
  since: z.string().optional().catch(undefined),
});

const memberPhase = z.enum(['Pending', 'Progressing', 'Ready', 'Failed']);
const memberScope = z.enum(['Workload', 'Namespace']);
const appliedSchema = z.object({ kind: z.string(), name: z.string() });
const policyPhase = z.enum(['Pending', 'Valid', 'Invalid']);
const providerPhase = z.enum(['Pending', 'Ready', 'Failed']);
const int = z.int();
const text = z.string();
const count = z.int().min(0);

function one<S extends z.ZodType>(
  schema: S,
  value: unknown,
): z.output<S> | undefined {
  // Most fields of most statuses are not there; making an error of each would cost more than reading the rest.
  if (value === undefined || value === null) {
    return undefined;
  }
  const outcome = schema.safeParse(value);
  return outcome.success ? outcome.data : undefined;
}

function list<S extends z.ZodType>(schema: S, value: unknown): z.output<S>[] {
  return Array.isArray(value)
    ? value.flatMap(item => {
        const read = one(schema, item);
        return read === undefined ? [] : [read];
      })
    : [];
}

function present<T extends object>(fields: T): T {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as T;
}

function readFrame(raw: Record<string, unknown>): {
  observedGeneration: number;
  conditions: Condition[];
} {
  return {
    observedGeneration: one(int, raw.observedGeneration) ?? -1,
    conditions: list(conditionSchema, raw.conditions).map(present),
  };
}

/** Reads a package's status, leaving out what it does not understand. */
export function readPackageStatus(raw: unknown): PackageStatus {
  const status = isRecord(raw) ? raw : {};
  return present({
    ...readFrame(status),
    phase: one(packagePhase, status.phase),
    operation: one(operationSchema, status.operation),
    release: one(releaseSchema, status.release),
    chart: one(chartSchema, status.chart),
    history: list(historySchema, status.history).map(
      present,
    ) as PackageHistoryEntry[],
    inventory: list(inventorySchema, status.inventory),
    secrets: list(secretSchema, status.secrets).map(present),
    attempts: one(attemptsSchema, status.attempts),
    lastHealthyRevision: one(int, status.lastHealthyRevision),
  });
}

/** Reads a member's status, leaving out what it does not understand. */
export function readMemberStatus(raw: unknown): MemberStatus {
  const status = isRecord(raw) ? raw : {};
  return present({
    ...readFrame(status),
    phase: one(memberPhase, status.phase),
    scope: one(memberScope, status.scope),
    appliedResources: list(appliedSchema, status.appliedResources),
    edges: list(edgeSchema, status.edges).map(present) as MemberEdgeStatus[],
    edgesTotal: one(count, status.edgesTotal),
  });
}

/** Reads a CedarPolicy's status, leaving out what it does not understand. */
export function readPolicyStatus(raw: unknown): PolicyStatus {
  const status = isRecord(raw) ? raw : {};
  return present({
    ...readFrame(status),
    phase: one(policyPhase, status.phase),
    message: one(text, status.message),
    permitCount: one(count, status.permitCount),
    forbidCount: one(count, status.forbidCount),
    lastValidated: one(text, status.lastValidated),
    validationErrors: list(text, status.validationErrors),
  });
}

/** Reads a SecretProvider's status, leaving out what it does not understand. */
export function readProviderStatus(raw: unknown): ProviderStatus {
  const status = isRecord(raw) ? raw : {};
  return present({
    ...readFrame(status),
    phase: one(providerPhase, status.phase),
    message: one(text, status.message),
    providerType: one(text, status.providerType),
    lastValidated: one(text, status.lastValidated),
  });
}

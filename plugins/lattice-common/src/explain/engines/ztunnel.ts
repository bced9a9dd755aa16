import { KubernetesObject } from '../../api/object';
import { AddressBlock, containsBlock, readBlock } from './addresses';
import { allOf, anyOf, not, refOf } from './match';
import { record, records, strings, isFilled } from './readSpec';
import { Decision, EngineContext, ExplainPod, Match } from './types';

/** Who is calling, as the mesh has proved it. */
export interface MeshIdentity {
  readonly trustDomain: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** A connection as it arrives at a pod that the mesh has captured. */
export interface MeshConnection {
  readonly to: ExplainPod;
  /** The pod's own port, also when the connection comes through a tunnel. */
  readonly port: number;
  /** Absent for plaintext. */
  readonly identity?: MeshIdentity;
  /** Address of the caller, where known. */
  readonly source?: AddressBlock;
}

type Json = Record<string, unknown>;

const HTTP_OPERATIONS = ['hosts', 'methods', 'paths'];
const HTTP_SOURCES = ['remoteIpBlocks', 'requestPrincipals'];
const CONNECTION_ATTRIBUTES = [
  'source.ip',
  'source.namespace',
  'source.principal',
  'destination.ip',
  'destination.port',
];
const MAX_PORT = 65535;

/** What the mesh's policies decide: a denial wins; once a policy allows something, the rest is denied. */
export function decideAuthorization(
  policies: readonly KubernetesObject[],
  connection: MeshConnection,
  context: EngineContext,
): Decision {
  const attached = policies.filter(
    policy =>
      policy.kind === 'AuthorizationPolicy' &&
      attaches(policy, connection.to, context),
  );
  const denying = attached.filter(policy => actionOf(policy) === 'DENY');
  const allowing = attached.filter(policy => actionOf(policy) === 'ALLOW');
  const test = (policy: KubernetesObject) => matchesPolicy(policy, connection);
  const denied = anyOf(denying, test);
  const by = (some: readonly KubernetesObject[]) =>
    some.filter(policy => test(policy) === true).map(refOf);
  if (denied === true)
    return { ruling: 'deny', reason: 'denied', by: by(denying) };
  const allowed = allowing.length === 0 ? true : anyOf(allowing, test);
  if (allowed === false)
    return { ruling: 'deny', reason: 'nothingAllows', by: allowing.map(refOf) };
  const unsure = [denied, allowed].find(one => typeof one !== 'boolean');
  if (typeof unsure === 'object')
    return {
      ruling: 'unknown',
      reason: 'notUnderstood',
      by: attached.map(refOf),
      unsure: unsure.unsure,
    };
  return allowing.length === 0
    ? { ruling: 'allow', reason: 'notSelected', by: [] }
    : { ruling: 'allow', reason: 'allowed', by: by(allowing) };
}

/** Policies for waypoints, dry runs and other actions never reach a pod. */
function actionOf(policy: KubernetesObject): string | undefined {
  const spec = record(policy.spec);
  if (policy.metadata.annotations?.['istio.io/dry-run'] === 'true')
    return undefined;
  if (spec.targetRef !== undefined || isFilled(spec.targetRefs))
    return undefined;
  return String(spec.action ?? 'ALLOW');
}

/** Whether an AuthorizationPolicy is about a pod. */
export function attaches(
  { metadata, spec }: KubernetesObject,
  pod: ExplainPod,
  { rootNamespace }: EngineContext,
): boolean {
  const namespace = metadata.namespace ?? 'default';
  if (namespace !== pod.namespace && namespace !== rootNamespace) return false;
  const { selector } = record(spec);
  return selector === undefined || selector === null
    ? true
    : matchesWorkload(selector, pod);
}

/** A selector without labels attaches to nothing; no selector at all is the whole namespace. */
export function matchesWorkload(selector: unknown, pod: ExplainPod): boolean {
  const labels = Object.entries(record(record(selector).matchLabels));
  return (
    labels.length > 0 &&
    labels.every(([key, value]) => pod.labels[key] === value)
  );
}

function matchesPolicy(
  policy: KubernetesObject,
  connection: MeshConnection,
): Match {
  const isAllowing = actionOf(policy) === 'ALLOW';
  return anyOf(records(record(policy.spec).rules), rule =>
    // What only an HTTP proxy could tell never allows; in a denial it counts as given.
    isAllowing && asksForHttp(rule) ? false : matchesRule(rule, connection),
  );
}

function asksForHttp(rule: Json): boolean {
  const asks = (object: Json, fields: readonly string[]) =>
    fields.some(
      field =>
        isFilled(object[field]) || isFilled(object[`not${capital(field)}`]),
    );
  return (
    records(rule.to).some(one =>
      asks(record(one.operation), HTTP_OPERATIONS),
    ) ||
    records(rule.from).some(one => asks(record(one.source), HTTP_SOURCES)) ||
    records(rule.when).some(
      ({ key }) => !CONNECTION_ATTRIBUTES.includes(String(key)),
    )
  );
}

function matchesRule(rule: Json, connection: MeshConnection): Match {
  const { namespace } = connection.to;
  const clauses: Json[][] = [];
  if (isFilled(rule.to))
    clauses.push(
      records(rule.to).map(({ operation }) => fieldsOf(record(operation))),
    );
  if (isFilled(rule.from))
    clauses.push(
      records(rule.from).map(({ source }) => fieldsOf(record(source))),
    );
  for (const when of records(rule.when)) clauses.push([conditionOf(when)]);
  return allOf(
    clauses.map(
      clause => () =>
        anyOf(clause, one => matchesFields(one, connection, namespace)),
    ),
  );
}

/** Only what a connection alone can tell. */
const CONNECTION_FIELDS = new Set(
  ['principals', 'namespaces', 'serviceAccounts', 'ipBlocks', 'ports'].flatMap(
    field => [field, `not${capital(field)}`],
  ),
);

function fieldsOf(object: Json): Json {
  return Object.fromEntries(
    Object.entries(object).filter(
      ([field, value]) => CONNECTION_FIELDS.has(field) && isFilled(value),
    ),
  );
}

function conditionOf({ key, values, notValues }: Json): Json {
  const fields: Record<string, string> = {
    'source.principal': 'principals',
    'source.namespace': 'namespaces',
    'source.ip': 'ipBlocks',
    'destination.port': 'ports',
    'destination.ip': 'destinationIps',
  };
  const field = fields[String(key)];
  return field
    ? {
        ...(isFilled(values) ? { [field]: values } : {}),
        ...(isFilled(notValues) ? { [`not${capital(field)}`]: notValues } : {}),
      }
    : {};
}

/** All fields must hold; one without any field never matches. */
function matchesFields(
  fields: Json,
  connection: MeshConnection,
  policyNamespace: string,
): Match {
  const read = Object.entries(fields).flatMap(([name, value]) => {
    const isNegated = name.startsWith('not');
    const field = isNegated ? lower(name.slice('not'.length)) : name;
    const values = strings(value).filter(
      one => field !== 'ports' || isPort(one),
    );
    const test = () =>
      anyOf(values, one =>
        matchesValue(field, one, connection, policyNamespace),
      );
    return values.length === 0
      ? []
      : [() => (isNegated ? not(test()) : test())];
  });
  return read.length === 0 ? false : allOf(read);
}

function matchesValue(
  field: string,
  value: string,
  { identity, port, source }: MeshConnection,
  policyNamespace: string,
): Match {
  switch (field) {
    case 'ports':
      return Number(value) === port;
    case 'principals':
      return matchesString(value, identity && formatPrincipal(identity));
    case 'namespaces':
      return matchesString(value, identity?.namespace);
    case 'serviceAccounts': {
      const [first, second] = value.split('/');
      const wanted =
        second === undefined ? [policyNamespace, first] : [first, second];
      return (
        identity !== undefined &&
        identity.namespace === wanted[0] &&
        identity.serviceAccount === wanted[1]
      );
    }
    case 'ipBlocks': {
      const block = readBlock(value);
      if (!block) return false;
      return source
        ? containsBlock(block, source)
        : { unsure: 'the address of the caller' };
    }
    default:
      return { unsure: 'the address of the callee' };
  }
}

/** `trust-domain/ns/namespace/sa/account`, as policies write it. */
export function formatPrincipal(identity: MeshIdentity): string {
  const { trustDomain, namespace, serviceAccount } = identity;
  return `${trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
}

function matchesString(pattern: string, value: string | undefined): boolean {
  if (value === undefined) return false;
  if (pattern === '*') return true;
  if (pattern.startsWith('*')) return value.endsWith(pattern.slice(1));
  if (pattern.endsWith('*')) return value.startsWith(pattern.slice(0, -1));
  return value === pattern;
}

function isPort(text: string): boolean {
  return /^\d+$/.test(text) && Number(text) <= MAX_PORT;
}

function capital(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}

function lower(text: string): string {
  return text[0].toLowerCase() + text.slice(1);
}

import { PairFinding } from './checkPair';
import { PairRequest, SecretReference, WantedPeer } from './types';

/** What the summary says beside the request itself. */
export interface SummaryContext {
  readonly requester?: string;
  readonly path: string;
  /** Warnings of the rules; errors never get this far. */
  readonly warnings: readonly PairFinding[];
}

const WORKLOADS: Readonly<Record<string, string>> = {
  'third-party': 'third-party software with a lifecycle of its own',
  service: 'a service of our own',
  job: 'a job that ends',
  model: 'a machine-learning model',
};
const TEAMS: Readonly<Record<string, string>> = {
  one: 'one team needs it',
  several: 'several teams need it',
};

/** Markdown for the reviewer of the pull request: what runs, what opens, which secrets, what was checked, who asked. */
export function summarisePair(
  request: PairRequest,
  context: SummaryContext,
): string {
  const place = `${request.namespace}/${request.name}`;
  const sections = [
    `Adds ${code(place)} on cluster ${code(request.cluster)}, in ${code(
      context.path,
    )}.`,
    section('What runs', whatRuns(request)),
    section('What opens in the mesh', whatOpens(request, place)),
    section('Secrets', whichSecrets(request)),
    section('Checked before this pull request', whatWasChecked(context)),
    section('Who asked', whoAsked(request, context)),
  ];
  return `${sections.join('\n\n')}\n`;
}

function whatRuns(request: PairRequest): string[] {
  return [
    `Chart ${code(request.chart)} ${code(request.version)} from ${code(
      request.repository,
    )}`,
    `Helm release ${code(request.name)} in namespace ${code(
      request.namespace,
    )}`,
    ...aid(request),
  ];
}

function aid(request: PairRequest): string[] {
  const workload = WORKLOADS[request.workload ?? ''];
  const teams = TEAMS[request.teams ?? ''];
  const answers = [workload, teams].filter(answer => answer !== undefined);
  return answers.length > 0 ? [`Why a package: ${answers.join('; ')}`] : [];
}

function whatOpens(request: PairRequest, place: string): string[] {
  const ports = request.ports.map(
    port =>
      `${code(`${port.port}`)} (${code(port.name)}, mTLS ${port.peerAuth})`,
  );
  const callers = request.allowedCallers.map(
    peer =>
      `${peerCode(peer)} may call it, once it declares the dependency on ${code(
        place,
      )}`,
  );
  const dependencies = request.dependencies.map(
    peer => `It may call ${peerCode(peer)}, once that allows ${code(place)}`,
  );
  const labels = Object.entries(request.selector).map(([k, v]) => `${k}=${v}`);
  return [
    `Pods with ${code(labels.join(','))}`,
    ports.length > 0
      ? `Ports for agreed callers: ${ports.join(', ')}`
      : 'No port: nobody can call it',
    ...(callers.length > 0 ? callers : ['No caller is allowed yet']),
    ...dependencies,
    'Everything else stays closed',
  ];
}

function whichSecrets(request: PairRequest): string[] {
  return request.secrets.length > 0
    ? request.secrets.map(describeSecret)
    : ['None'];
}

function describeSecret(secret: SecretReference): string {
  const keys =
    secret.keys.length > 0 ? secret.keys.map(code).join(', ') : 'all keys';
  const id = secret.id ? code(secret.id) : 'the path by the configured rule';
  const store = secret.provider
    ? `store ${code(secret.provider)}`
    : 'the default store';
  return `${code(
    secret.resource,
  )}: ${keys} at ${id} in ${store}. References only; whether it may be read is decided on the cluster`;
}

function whatWasChecked(context: SummaryContext): string[] {
  return [
    'Both objects read as the controllers read them',
    'Repository allowed and oci or https, version exact, namespace not a protected one, fields of the mesh member valid',
    'No value looks like a typed secret',
    ...context.warnings.map(
      ({ file, path, message }) =>
        `Warning, ${code(`${file} ${path}`)}: ${plain(message)}`,
    ),
  ];
}

function whoAsked(request: PairRequest, context: SummaryContext): string[] {
  return [
    context.requester
      ? `Requested by ${code(context.requester)}`
      : 'Requested by a service, not by a person',
    ...(request.owner
      ? [
          `Meant for ${code(
            request.owner,
          )}. The owner that counts is the annotation lattice.dev/owner of the namespace`,
        ]
      : []),
  ];
}

function section(title: string, lines: readonly string[]): string {
  return `### ${title}\n\n${lines.map(line => `- ${line}`).join('\n')}`;
}

function peerCode(peer: WantedPeer): string {
  return code(`${peer.namespace}/${peer.name}`);
}

/** A code span that its content cannot leave. */
function code(text: string): string {
  return `\`${text.replace(/[`\r\n]/g, ' ')}\``;
}

function plain(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[<>[\]`*_]/g, '\\$&');
}

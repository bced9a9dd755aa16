import { HelmMajor } from './helmVersion';

/** Which release an operation is about. */
export interface ReleaseTarget {
  readonly release: string;
  readonly namespace: string;
}

interface ChangeOptions {
  /** Wall clock of each Kubernetes operation of helm. */
  readonly timeoutSeconds: number;
  /** Let helm itself wait; only for charts whose hooks expect ready workloads. */
  readonly wait?: boolean;
}

interface InstallOptions extends ReleaseTarget, ChangeOptions {
  /** Path of the packed chart. */
  readonly chartPath: string;
  /** Labels of the release record; values of at most 63 characters. */
  readonly labels: Readonly<Record<string, string>>;
  readonly serverSide: boolean;
  readonly forceConflicts?: boolean;
}

/** One run of helm, as data. Values always come over stdin. */
export type HelmCommand =
  | ({ readonly verb: 'install'; readonly dryRun?: boolean } & InstallOptions)
  | ({
      readonly verb: 'upgrade';
      readonly historyMax: number;
      readonly dryRun?: boolean;
    } & InstallOptions)
  | ({
      readonly verb: 'rollback';
      readonly revision: number;
      readonly historyMax: number;
      readonly serverSide: boolean;
      readonly forceConflicts?: boolean;
    } & ReleaseTarget &
      ChangeOptions)
  | ({
      readonly verb: 'uninstall';
      readonly keepHistory: boolean;
    } & ReleaseTarget &
      ChangeOptions)
  | ({
      readonly verb: 'template';
      readonly chartPath: string;
      readonly kubeVersion?: string;
      readonly apiVersions?: readonly string[];
      /** Render as an upgrade: charts may branch on it. */
      readonly isUpgrade?: boolean;
    } & ReleaseTarget);

const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const LABEL_KEY = /^[A-Za-z0-9][-A-Za-z0-9_./]*$/;

/** An argument that helm could misread. Never holds a secret: secrets are no arguments. */
export class HelmArgumentError extends Error {
  override readonly name = 'HelmArgumentError';
}

/**
 * The one place that knows how the flags of the Helm majors differ.
 * Never builds `--set`, `--kube-token`, `upgrade --install` or an automatic rollback: each would leak a value or hide a state.
 */
export function buildHelmArguments(
  major: HelmMajor,
  command: HelmCommand,
  kubeconfigPath?: string,
): string[] {
  checkTarget(command);
  const access = kubeconfigPath ? ['--kubeconfig', kubeconfigPath] : [];
  return [...verbArguments(major, command), ...access];
}

function verbArguments(major: HelmMajor, command: HelmCommand): string[] {
  const namespace = ['--namespace', command.namespace];
  switch (command.verb) {
    case 'install':
      return [
        'install',
        command.release,
        chartArgument(command.chartPath),
        ...namespace,
        ...installFlags(major, command),
      ];
    case 'upgrade':
      return [
        'upgrade',
        command.release,
        chartArgument(command.chartPath),
        ...namespace,
        ...installFlags(major, command),
        '--reset-values',
        '--history-max',
        String(command.historyMax),
      ];
    case 'rollback':
      return [
        'rollback',
        command.release,
        String(command.revision),
        ...namespace,
        ...changeFlags(major, command),
        ...applyFlags(major, command),
        '--history-max',
        String(command.historyMax),
      ];
    case 'uninstall':
      return [
        'uninstall',
        command.release,
        ...namespace,
        ...changeFlags(major, command),
        '--cascade',
        'background',
        ...(command.keepHistory ? ['--keep-history'] : []),
      ];
    default:
      return [
        'template',
        command.release,
        chartArgument(command.chartPath),
        ...namespace,
        '--values',
        '-',
        '--skip-crds',
        '--skip-tests',
        ...(command.isUpgrade ? ['--is-upgrade'] : []),
        ...(command.kubeVersion ? ['--kube-version', command.kubeVersion] : []),
        ...(command.apiVersions ?? []).flatMap(it => ['--api-versions', it]),
      ];
  }
}

function installFlags(
  major: HelmMajor,
  command: InstallOptions & { dryRun?: boolean },
): string[] {
  return [
    '--values',
    '-',
    '--skip-crds',
    '--labels',
    labelsArgument(command.labels),
    ...changeFlags(major, command),
    ...applyFlags(major, command),
    ...(command.dryRun ? ['--dry-run=server'] : []),
  ];
}

function changeFlags(major: HelmMajor, options: ChangeOptions): string[] {
  const wait = major === 4 ? ['--wait=watcher'] : ['--wait'];
  return [
    '--timeout',
    `${options.timeoutSeconds}s`,
    ...(options.wait ? wait : []),
  ];
}

/** Helm 3 applies on the client only; Helm 4 is always told which way, since its default depends on the past. */
function applyFlags(
  major: HelmMajor,
  options: { serverSide: boolean; forceConflicts?: boolean },
): string[] {
  if (major === 3) {
    return [];
  }
  return [
    `--server-side=${options.serverSide}`,
    ...(options.serverSide && options.forceConflicts
      ? ['--force-conflicts']
      : []),
  ];
}

function labelsArgument(labels: Readonly<Record<string, string>>): string {
  return Object.keys(labels)
    .sort()
    .map(key => {
      if (!LABEL_KEY.test(key) || !LABEL_VALUE.test(labels[key])) {
        throw new HelmArgumentError(`The release label ${key} is not valid.`);
      }
      return `${key}=${labels[key]}`;
    })
    .join(',');
}

function chartArgument(path: string): string {
  if (!path.startsWith('/')) {
    throw new HelmArgumentError(
      'A chart is given to helm as an absolute path only.',
    );
  }
  return path;
}

function checkTarget(target: ReleaseTarget): void {
  if (target.release.length > 53 || !NAME.test(target.release)) {
    throw new HelmArgumentError(
      'The release name must be a DNS name of at most 53 characters.',
    );
  }
  if (target.namespace.length > 63 || !NAME.test(target.namespace)) {
    throw new HelmArgumentError('The namespace must be a DNS label.');
  }
}

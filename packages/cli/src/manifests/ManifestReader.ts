import {
  CedarPolicy,
  FieldProblem,
  findUnknownFields,
  KubernetesObject,
  LatticeMember,
  LatticePackage,
  ParseResult,
  parseMember,
  parsePackage,
  parsePolicy,
  parseSecretProvider,
  parseService,
  SecretProvider,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { describeObject } from '../findings/Finding';
import { Remark } from '../findings/Remark';
import { Located, Manifests } from './Manifests';
import { OurKind } from './kinds';
import { isRecord } from './isRecord';
import { RawObject } from './readObjects';

const PROBLEMS = {
  apiVersion: { path: 'apiVersion', message: 'is required' },
  repeated: {
    path: 'metadata.name',
    message:
      'is declared twice, so the last one applied would win: keep one of them',
  },
  misnamed: {
    path: 'kind',
    message:
      'is not a kind of lattice.dev that is known here, so nothing checks it: correct its name',
  },
} as const;

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function nameOf({ raw }: RawObject): string {
  const metadata = isRecord(raw.metadata) ? raw.metadata : {};
  return describeObject(String(raw.kind), {
    namespace: textOf(metadata.namespace),
    name: textOf(metadata.name),
  });
}

function isKubernetesObject(
  raw: Readonly<Record<string, unknown>>,
): raw is KubernetesObject {
  return isRecord(raw.metadata) && typeof raw.metadata.name === 'string';
}

/** Sorts objects by kind, and notes what is wrong with each. One that cannot be read never hides the others. */
export class ManifestReader implements Manifests {
  readonly packages: Located<LatticePackage>[] = [];
  readonly members: Located<LatticeMember>[] = [];
  readonly policies: Located<CedarPolicy>[] = [];
  readonly providers: Located<SecretProvider>[] = [];
  readonly context: KubernetesObject[] = [];
  readonly remarks: Remark[] = [];
  private readonly seen = new Set<string>();

  read(object: RawObject): void {
    switch (object.role) {
      case 'ours':
        this.readOurs(object);
        break;
      case 'misnamed':
        this.note(object, 'unknown-kind', 'warning', [PROBLEMS.misnamed]);
        break;
      default:
        if (isKubernetesObject(object.raw)) {
          this.context.push(object.raw);
        }
    }
  }

  private readOurs(object: RawObject): void {
    const { raw } = object;
    const kind = raw.kind as OurKind;
    const name = nameOf(object);
    if (this.seen.has(name)) {
      this.note(object, 'duplicate-object', 'error', [PROBLEMS.repeated]);
    }
    this.seen.add(name);
    this.note(object, 'unknown-field', 'warning', findUnknownFields(kind, raw));
    if (raw.apiVersion === undefined) {
      this.note(object, 'schema', 'error', [PROBLEMS.apiVersion]);
    }
    this.parse(kind, object);
  }

  private parse(kind: OurKind, object: RawObject): void {
    switch (kind) {
      case 'LatticePackage':
        return this.keep(object, parsePackage(object.raw), this.packages);
      case 'LatticeMeshMember':
        return this.keep(object, parseMember(object.raw), this.members);
      case 'LatticeService':
        return this.keep(object, parseService(object.raw), this.members);
      case 'CedarPolicy':
        return this.keep(object, parsePolicy(object.raw), this.policies);
      default:
        return this.keep(
          object,
          parseSecretProvider(object.raw),
          this.providers,
        );
    }
  }

  private note(
    object: RawObject,
    rule: string,
    severity: Remark['severity'],
    problems: readonly FieldProblem[],
  ): void {
    for (const { path, message } of problems) {
      this.remarks.push({
        rule,
        severity,
        object: nameOf(object),
        path,
        message,
        at: object.source,
      });
    }
  }

  private keep<T>(
    object: RawObject,
    result: ParseResult<T>,
    into: Located<T>[],
  ): void {
    if (result.ok) {
      into.push({ object: result.value, source: object.source });
    } else {
      this.note(object, 'schema', 'error', result.problems);
    }
  }
}

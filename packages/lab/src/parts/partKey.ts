import { createHash } from 'node:crypto';
import type { Part } from './types.ts';

/** What decides whether a cached part may be used again. */
export type PartKeyInput = {
  part: Part;
  goMod: string;
  goSum: string;
  /** Text of the program's own Go files; absent when the program comes from a module. */
  source?: string;
  platform: string;
  arch: string;
};

const GO_ARCH: Record<string, string> = { x64: 'amd64', arm64: 'arm64' };
const GO_OS: Record<string, string> = { linux: 'linux', darwin: 'darwin' };

/** Version with which a go.mod requires a module; throws when it does not name it. */
export function requiredVersion(goMod: string, module: string): string {
  const escaped = module.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const match = new RegExp(`^(?:require)?\\s*${escaped} (v\\S+)`, 'm').exec(
    goMod,
  );
  if (!match) {
    throw new Error(`go.mod does not require ${module}`);
  }
  return match[1];
}

/** Version shown for a part: that of its module, or `files` when it is files of several. */
export function partVersion(part: Part, goMod: string): string {
  return part.module ? requiredVersion(goMod, part.module) : 'files';
}

/** Flags of `go build` for a part, ready for an argument list. */
export function buildFlags(part: Part, version: string): string[] {
  const bareVersion = version.replace(/^v/, '');
  const [major = '', minor = ''] = bareVersion.split('.');
  const values: Record<string, string> = { version, bareVersion, major, minor };
  const assignments = (part.linkerVariables ?? []).map(
    variable =>
      `-X ${variable.replace(
        /\{(\w+)\}/g,
        (_, key: string) => values[key] ?? '',
      )}`,
  );
  return [
    '-trimpath',
    ...(part.tags?.length ? ['-tags', part.tags.join(' ')] : []),
    '-ldflags',
    ['-s', '-w', ...assignments].join(' '),
  ];
}

/** Name of the folder a part has in the cache: the same inputs give the same name on every machine. */
export function partKey(input: PartKeyInput): string {
  const { part, goMod, goSum, source, platform, arch } = input;
  const os = GO_OS[platform];
  const goArch = GO_ARCH[arch];
  if (!os || !goArch) {
    throw new Error(
      `The lab runs on Linux and macOS, amd64 and arm64; this is ${platform} ${arch}`,
    );
  }
  const version = partVersion(part, goMod);
  const hash = createHash('sha256')
    .update(
      JSON.stringify([
        goMod,
        goSum,
        buildFlags(part, version),
        part.programs,
        part.files ?? [],
        Boolean(part.cgo),
        ...(source === undefined ? [] : [source]),
      ]),
    )
    .digest('hex')
    .slice(0, 12);
  return `${part.name}-${version}-${os}-${goArch}-${hash}`;
}

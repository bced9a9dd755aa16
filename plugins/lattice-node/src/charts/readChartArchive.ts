import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Parser } from 'tar';
import { parse } from 'yaml';
import { ChartError } from './chartErrors';
import { asRecord, asRecords, asString } from './podTemplate';

/** `Chart.yaml`, as far as we read it. */
export interface ChartMetadata {
  readonly name: string;
  readonly version: string;
  readonly appVersion?: string;
  readonly kubeVersion?: string;
  readonly description?: string;
  readonly type: string;
  readonly dependencies: readonly { name: string; version?: string }[];
}

/** What a packed chart holds that we need before rendering it. */
export interface ChartArchive {
  readonly metadata: ChartMetadata;
  /** Text of `values.yaml`; empty when there is none. */
  readonly defaultValues: string;
  /** Parsed `values.schema.json`. */
  readonly valuesSchema?: unknown;
  /** Texts of the files in `crds/`, of the chart and its parts. */
  readonly crds: readonly string[];
}

const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;
const MAX_FILE_BYTES = 8 * 1024 * 1024;
const MAX_ENTRIES = 10_000;
const WANTED =
  /^[^/]+\/(?:Chart\.yaml|values\.yaml|values\.schema\.json|(?:charts\/[^/]+\/)*crds\/[^.].*\.(?:ya?ml|json))$/;

/** Reads a packed chart in memory. Nothing is ever extracted to disk, and links are not followed. */
export async function readChartArchive(packed: Buffer): Promise<ChartArchive> {
  const files = await readEntries(packed);
  const root = [...files.keys()].find(it => /^[^/]+\/Chart\.yaml$/.test(it));
  if (!root) {
    throw new ChartError('Invalid', 'The archive has no Chart.yaml.');
  }
  const folder = root.slice(0, -'Chart.yaml'.length);
  const schema = files.get(`${folder}values.schema.json`);
  return {
    metadata: readMetadata(files.get(root) ?? ''),
    defaultValues: files.get(`${folder}values.yaml`) ?? '',
    ...(schema ? { valuesSchema: parseJson(schema) } : {}),
    crds: [...files.keys()]
      .filter(it => it.includes('/crds/'))
      .sort()
      .map(it => files.get(it) ?? ''),
  };
}

async function readEntries(packed: Buffer): Promise<Map<string, string>> {
  let unpacked: Buffer;
  try {
    unpacked = await promisify(gunzip)(packed, {
      maxOutputLength: MAX_UNPACKED_BYTES,
    });
  } catch (error) {
    const isTooLarge =
      (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw isTooLarge
      ? new ChartError(
          'TooLarge',
          `The chart is larger than ${MAX_UNPACKED_BYTES} bytes when unpacked.`,
        )
      : new ChartError('Invalid', 'The archive is not gzip.');
  }
  return await parseTar(unpacked);
}

function parseTar(unpacked: Buffer): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  let entries = 0;
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(error);
    const parser = new Parser({
      strict: true,
      maxMetaEntrySize: 64 * 1024,
      onReadEntry: entry => {
        entries += 1;
        const isFile = entry.type === 'File' || entry.type === 'OldFile';
        if (entries > MAX_ENTRIES) {
          fail(
            new ChartError(
              'TooLarge',
              `The chart has more than ${MAX_ENTRIES} files.`,
            ),
          );
        }
        if (
          !isFile ||
          !WANTED.test(entry.path) ||
          entry.size > MAX_FILE_BYTES
        ) {
          entry.resume();
          return;
        }
        const chunks: Buffer[] = [];
        entry.on('data', chunk => chunks.push(Buffer.from(chunk)));
        entry.on('end', () =>
          files.set(entry.path, Buffer.concat(chunks).toString('utf8')),
        );
      },
    });
    parser.on('end', () => resolve(files));
    parser.on('error', () =>
      fail(new ChartError('Invalid', 'The archive is damaged.')),
    );
    parser.end(unpacked);
  });
}

function readMetadata(text: string): ChartMetadata {
  let chart: Record<string, unknown>;
  try {
    chart = asRecord(parse(text, { version: '1.1', maxAliasCount: 20 }));
  } catch {
    throw new ChartError(
      'Invalid',
      'The Chart.yaml of the archive is no YAML.',
    );
  }
  const name = asString(chart.name);
  const version = asString(chart.version);
  if (!name || !version) {
    throw new ChartError('Invalid', 'The Chart.yaml has no name or version.');
  }
  const appVersion = chart.appVersion;
  const kubeVersion = asString(chart.kubeVersion);
  const description = asString(chart.description);
  return {
    name,
    version,
    ...(typeof appVersion === 'string' || typeof appVersion === 'number'
      ? { appVersion: String(appVersion) }
      : {}),
    ...(kubeVersion ? { kubeVersion } : {}),
    ...(description ? { description } : {}),
    type: asString(chart.type) ?? 'application',
    dependencies: asRecords(chart.dependencies).flatMap(it => {
      const dependency = asString(it.name);
      const wanted = asString(it.version);
      return dependency
        ? [{ name: dependency, ...(wanted ? { version: wanted } : {}) }]
        : [];
    }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ChartError('Invalid', 'The values.schema.json is no JSON.');
  }
}

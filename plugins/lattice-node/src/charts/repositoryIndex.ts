import { load, FAILSAFE_SCHEMA } from 'js-yaml';
import { ChartError } from './chartErrors';
import { asRecord, asRecords, asString } from './podTemplate';

/** One version of a chart in an `index.yaml`. */
export interface IndexEntry {
  readonly version: string;
  readonly appVersion?: string;
  /** Archive, absolute or relative to the repository. */
  readonly url: string;
  /** Hexadecimal SHA-256 of the archive, when the index tells it. */
  readonly digest?: string;
}

/**
 * The versions of one chart in an `index.yaml`. Indexes of ten thousand versions are common, so only the chart's own
 * section is parsed where the file has the shape that helm writes; every other shape is parsed whole.
 */
export function readIndexEntries(index: string, chart: string): IndexEntry[] {
  const section = sectionOf(index, chart);
  let entries: unknown;
  try {
    entries =
      section === undefined
        ? asRecord(asRecord(loadYaml(index)).entries)[chart]
        : loadYaml(section);
  } catch {
    throw new ChartError(
      'Invalid',
      'The index.yaml of the repository is no YAML.',
    );
  }
  return asRecords(entries).flatMap(entry => {
    const version = asString(entry.version);
    const url = Array.isArray(entry.urls) ? asString(entry.urls[0]) : undefined;
    if (!version || !url) {
      return [];
    }
    const appVersion = asString(entry.appVersion);
    const digest = asString(entry.digest);
    return [
      {
        version,
        url,
        ...(appVersion ? { appVersion } : {}),
        ...(digest ? { digest: digest.replace(/^sha256:/, '') } : {}),
      },
    ];
  });
}

/** Every scalar stays a text: an unquoted version `1.10` must not become a number. */
function loadYaml(text: string): unknown {
  return load(text, { schema: FAILSAFE_SCHEMA });
}

function sectionOf(index: string, chart: string): string | undefined {
  const start = index.search(/^entries:[ \t]*\r?$/m);
  if (start < 0) {
    return undefined;
  }
  const heading = `\n  ${chart}:\n`;
  const found = index.indexOf(heading, start);
  if (found < 0) {
    return undefined;
  }
  const from = found + heading.length;
  const rest = index.slice(from).search(/^(?: {2}[^\s-]|[^\s#])/m);
  return rest < 0 ? index.slice(from) : index.slice(from, from + rest);
}

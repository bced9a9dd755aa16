import { Remark } from '../findings/Remark';
import { Shell } from '../shell';
import { findFiles, FoundFile, STANDARD_INPUT } from './findFiles';
import { ManifestReader } from './ManifestReader';
import { Manifests } from './Manifests';
import { readObjects } from './readObjects';
import { decodeText, MAX_FILE_BYTES, readText, TextOutcome } from './readText';

const MEGABYTES = MAX_FILE_BYTES / 1024 / 1024;

const PROBLEMS = {
  unreadable: 'cannot be read: check the rights, and where the link leads',
  'too-large': `is larger than ${MEGABYTES} MiB and was not read: split it`,
  'not-text': 'is not UTF-8 text',
} as const;

function fileRemark(
  file: string,
  problem: keyof typeof PROBLEMS,
  severity: Remark['severity'],
): Remark {
  return {
    rule: 'file',
    severity,
    object: '',
    path: '',
    message: PROBLEMS[problem],
    at: { file, line: 1, column: 1 },
  };
}

async function textOf(path: string, shell: Shell): Promise<TextOutcome> {
  if (path === STANDARD_INPUT) {
    return decodeText(await shell.readInput(MAX_FILE_BYTES + 1));
  }
  return readText(path);
}

/** What cannot be read refuses, unless it is a file that merely lies in a given folder and may be anything. */
function severityOf(
  { isNamed }: FoundFile,
  problem: keyof typeof PROBLEMS,
): Remark['severity'] {
  return isNamed || problem === 'unreadable' ? 'error' : 'warning';
}

/** Reads everything that matters at these paths, file by file. */
export async function readManifests(
  paths: readonly string[],
  shell: Shell,
): Promise<Manifests> {
  const reader = new ManifestReader();
  const { files, unreadable } = findFiles(paths);
  unreadable.forEach(path =>
    reader.remarks.push(fileRemark(path, 'unreadable', 'error')),
  );
  for (const file of files) {
    const outcome = await textOf(file.path, shell);
    if ('problem' in outcome) {
      const { problem } = outcome;
      reader.remarks.push(
        fileRemark(file.path, problem, severityOf(file, problem)),
      );
      continue;
    }
    const { objects, remarks } = readObjects(
      { name: file.path, text: outcome.text },
      file.isNamed,
    );
    reader.remarks.push(...remarks);
    objects.forEach(object => reader.read(object));
  }
  return reader;
}

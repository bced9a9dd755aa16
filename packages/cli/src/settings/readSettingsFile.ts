import { BadUse } from '../BadUse';
import { isRecord } from '../manifests/isRecord';
import { readText } from '../manifests/readText';
import { readYaml } from '../manifests/readYaml';

/** The one YAML document of a settings file; an empty file is an empty object. */
export function readSettingsFile(file: string): Record<string, unknown> {
  const outcome = readText(file);
  if ('problem' in outcome) {
    throw new BadUse(`${file}: cannot be read`);
  }
  const { documents, faults } = readYaml(outcome.text);
  if (faults.length > 0) {
    const { line, column, message } = faults[0];
    throw new BadUse(`${file}:${line}:${column}: ${message}`);
  }
  if (documents.length > 1) {
    throw new BadUse(`${file}: must hold one document, not several`);
  }
  const value = documents[0] ?? {};
  if (!isRecord(value)) {
    throw new BadUse(`${file}: must hold an object`);
  }
  return value;
}

import { readFileSync } from 'node:fs';
import { BadUse } from '../BadUse';
import { readYaml } from '../manifests/readYaml';

/** The one YAML document of a settings file; an empty file is an empty object. */
export function readSettingsFile(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new BadUse(`${file}: cannot be read`);
  }
  const { documents, faults } = readYaml(text);
  if (faults.length > 0) {
    throw new BadUse(`${file}:${faults[0].line}: ${faults[0].message}`);
  }
  const value = documents[0]?.value ?? {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new BadUse(`${file}: must hold an object`);
  }
  return value as Record<string, unknown>;
}

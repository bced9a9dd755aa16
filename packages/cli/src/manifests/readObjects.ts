import { PathSegment } from '@lattice-portal/backstage-plugin-lattice-common';
import { ManifestFile, Remark, Source } from '../findings/Remark';
import { isRecord } from './isRecord';
import { claimsToBeOurs, mayMatter, Role, roleOf } from './kinds';
import { readYaml, YamlFault } from './readYaml';

/** An object as it stands in a file. */
export interface RawObject {
  readonly raw: Readonly<Record<string, unknown>>;
  readonly role: Exclude<Role, 'other'>;
  readonly source: Source;
}

/** What a file holds for us. */
export interface FileContent {
  readonly objects: readonly RawObject[];
  readonly remarks: readonly Remark[];
}

const MAX_LISTS_IN_LISTS = 4;

/** The value itself, or the items of a List. */
function* unpack(
  value: unknown,
  prefix: readonly PathSegment[],
): Iterable<Pick<Source, 'prefix'> & { raw: Record<string, unknown> }> {
  if (!isRecord(value)) {
    return;
  }
  const { kind, items } = value;
  if (!String(kind).endsWith('List') || !Array.isArray(items)) {
    yield { raw: value, prefix };
    return;
  }
  if (prefix.length / 2 < MAX_LISTS_IN_LISTS) {
    for (let index = 0; index < items.length; index++) {
      yield* unpack(items[index], [...prefix, 'items', index]);
    }
  }
}

function yamlRemark(fault: YamlFault, file: ManifestFile): Remark {
  return {
    rule: 'yaml',
    severity: 'error',
    object: '',
    path: '',
    message: fault.message,
    at: { file: file.name, line: fault.line, column: fault.column },
  };
}

/**
 * The objects of a file that matter to us. `isNamed`: the user has named this file, so it must be readable even when
 * it does not look like one of ours; a folder may hold templates and much else that is none of our business.
 */
export function readObjects(file: ManifestFile, isNamed: boolean): FileContent {
  if (!isNamed && !mayMatter(file.text)) {
    return { objects: [], remarks: [] };
  }
  const { documents, faults } = readYaml(file.text);
  const objects: RawObject[] = [];
  documents.forEach((value, document) => {
    for (const { raw, prefix } of unpack(value, [])) {
      const role = roleOf(raw);
      if (role !== 'other') {
        objects.push({ raw, role, source: { file, document, prefix } });
      }
    }
  });
  const isOurBusiness = isNamed || claimsToBeOurs(file.text);
  return {
    objects,
    remarks: isOurBusiness ? faults.map(one => yamlRemark(one, file)) : [],
  };
}

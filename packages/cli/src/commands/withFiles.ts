import {
  Explanation,
  MissingDeclaration,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { describeObject } from '../findings/Finding';
import { LoadedMembers } from './loadMembers';

/** A missing declaration, and the file that holds the object, if one of the given files does. */
export interface PlacedDeclaration extends MissingDeclaration {
  readonly file?: string;
}

/** An explanation that knows in which files to write. */
export interface PlacedExplanation extends Explanation {
  readonly missing?: PlacedDeclaration;
  readonly alsoMissing?: readonly PlacedDeclaration[];
}

function filesByObject({
  manifests: { packages, members },
}: LoadedMembers): Map<string, string> {
  return new Map([
    ...packages.map(({ object, source }): [string, string] => [
      describeObject('LatticePackage', object.metadata),
      source.file.name,
    ]),
    ...members.map(({ object, source }): [string, string] => [
      describeObject(object.kind, object.metadata),
      source.file.name,
    ]),
  ]);
}

/** Adds to what is missing the file in which it is to be written. */
export function withFiles(
  explanation: Explanation,
  loaded: LoadedMembers,
): PlacedExplanation {
  const { missing, alsoMissing } = explanation;
  const files = filesByObject(loaded);
  const place = (one: MissingDeclaration): PlacedDeclaration => {
    const file = files.get(describeObject(one.object.kind, one.object));
    return file === undefined ? one : { ...one, file };
  };
  return {
    ...explanation,
    ...(missing ? { missing: place(missing) } : {}),
    ...(alsoMissing ? { alsoMissing: alsoMissing.map(place) } : {}),
  };
}

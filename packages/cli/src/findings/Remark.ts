import {
  PathSegment,
  Violation,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { Finding } from './Finding';

/** A text with its name: as the user named the file, or `-`. */
export interface ManifestFile {
  readonly name: string;
  readonly text: string;
}

/**
 * Where an object stands. Holds the text and the way into it, not the parsed tree: the trees of a fleet would not fit
 * beside each other, and most objects never need a line.
 */
export interface Source {
  readonly file: ManifestFile;
  /** Which document of the file, from 0. */
  readonly document: number;
  /** Way from the document to the object: empty, or the item of a List. */
  readonly prefix: readonly PathSegment[];
}

/** A place that is known already. */
export interface Spot {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A finding before anybody has looked for its line. */
export interface Remark
  extends Pick<Finding, 'rule' | 'severity' | 'object' | 'path' | 'message'> {
  /** Absent for the rules of this command, which know their own. */
  readonly link?: string;
  readonly at: Source | Spot;
}

/** A violation of an object that stands in a file. */
export function remarkOn(
  violation: Violation,
  object: string,
  at: Source,
): Remark {
  const { rule, severity, path, message, link } = violation;
  return { rule, severity, object, path, message, link, at };
}

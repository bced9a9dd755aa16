import { ObjectMeta } from './object';

/** A CedarPolicy: policies as text, and whether they count. */
export interface CedarPolicy {
  readonly metadata: ObjectMeta;
  readonly policies: string;
  readonly enabled: boolean;
}

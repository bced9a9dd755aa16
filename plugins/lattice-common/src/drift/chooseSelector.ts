import { matcher } from './endpoints';
import { Labels } from './types';
import { isSelectable } from './memberRules';

/** Labels that identify pods and stay the same over versions, the usual ones first. */
const STABLE_GROUPS: readonly (readonly string[])[] = [
  ['app.kubernetes.io/name', 'app.kubernetes.io/instance'],
  ['app', 'release'],
  ['app.kubernetes.io/instance'],
  ['app.kubernetes.io/name'],
  ['app'],
  ['k8s-app'],
];

/** Labels that tell parts of one application apart. */
const PARTS: readonly string[] = [
  'app.kubernetes.io/component',
  'component',
  'role',
  'tier',
];

const PASSING =
  /(^|[/-])(version|chart|heritage|managed-by|checksum|revision|hash)$/;

/** Whether a label changes with every version of a chart or of a workload, and so identifies nothing. */
export function isPassingLabel(key: string): boolean {
  return PASSING.test(key);
}

/** What a selector shall and shall not select. */
export interface SelectorWish {
  readonly include: readonly Labels[];
  readonly exclude: readonly Labels[];
  /** Labels that it must keep. */
  readonly keep?: Labels;
}

function sharedLabels([first, ...others]: readonly Labels[]): Labels {
  return Object.fromEntries(
    Object.entries(first ?? {}).filter(
      ([key, value]) =>
        !isPassingLabel(key) &&
        isSelectable(key, value) &&
        others.every(labels => labels[key] === value),
    ),
  );
}

/** The labels of these keys, when all of them are there. */
function pick(labels: Labels, keys: readonly string[]): Labels[] {
  return keys.every(key => labels[key] !== undefined)
    ? [Object.fromEntries(keys.map(key => [key, labels[key]]))]
    : [];
}

function compareKeys(a: string, b: string): number {
  const rank = (key: string) => {
    const known = PARTS.indexOf(key);
    return known < 0 ? PARTS.length : known;
  };
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

/** Candidates from the widest to the narrowest: usual labels, one more label, all labels. */
function candidates(shared: Labels, keep: Labels | undefined): Labels[] {
  const groups: Labels[] = keep
    ? [keep]
    : STABLE_GROUPS.flatMap(group => pick(shared, group));
  const keys = Object.keys(shared).sort(compareKeys);
  const bases: Labels[] = groups.length > 0 ? groups : [{}];
  const narrowed = bases.flatMap(base =>
    keys
      .filter(key => !Object.hasOwn(base, key))
      .map(key => ({ ...base, [key]: shared[key] })),
  );
  return [...groups, ...narrowed, { ...keep, ...shared }];
}

/**
 * A selector of labels that last, which matches everything that it shall and nothing that it shall not; `undefined`
 * when there is none.
 */
export function chooseSelector(wish: SelectorWish): Labels | undefined {
  if (wish.include.length === 0) {
    return undefined;
  }
  const isWish = (wanted: Labels) => {
    const matches = matcher(wanted);
    return wish.include.every(matches) && !wish.exclude.some(matches);
  };
  return candidates(sharedLabels(wish.include), wish.keep).find(isWish);
}

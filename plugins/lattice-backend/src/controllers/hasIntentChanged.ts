import { isDeepStrictEqual } from 'node:util';
import { ObjectChange } from '../clusters/ObjectStore';

/**
 * Whether a change is more than our own status coming back: an addition, a deletion, or a change of spec (generation),
 * deletion mark, labels, annotations, finalizers or owners. Use it in `keysOf` for the controller's own kind; without
 * it, writing a failure into status would start the next pass at once and defeat the back-off.
 *
 * Only for kinds whose API server counts `metadata.generation`, that is those with a status subresource.
 */
export function hasIntentChanged(change: ObjectChange): boolean {
  const { before, after } = change;
  if (!before || !after) {
    return true;
  }
  const a = before.metadata;
  const b = after.metadata;
  return (
    a.uid !== b.uid ||
    a.generation !== b.generation ||
    a.deletionTimestamp !== b.deletionTimestamp ||
    !isDeepStrictEqual(
      [a.labels, a.annotations, a.finalizers, a.ownerReferences],
      [b.labels, b.annotations, b.finalizers, b.ownerReferences],
    )
  );
}

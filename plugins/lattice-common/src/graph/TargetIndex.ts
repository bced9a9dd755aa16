import { LatticeMember } from '../api/memberModel';
import { MultiMap } from './MultiMap';

/**
 * Answers "which members may select a pod with these labels" without a walk over all members: each selector is filed
 * under one of its labels, the rarest at that time.
 */
export class TargetIndex {
  readonly #byLabel = new MultiMap();
  readonly #byAccount = new MultiMap();
  /** Under what each member is filed. */
  readonly #labels = new Map<string, string>();

  add(id: string, { metadata, spec }: LatticeMember): void {
    const label =
      'selector' in spec.target
        ? this.#rarest(metadata.namespace, spec.target.selector)
        : wholeOf(metadata.namespace);
    if (label !== undefined) {
      this.#labels.set(id, label);
      this.#byLabel.add(label, id);
    }
    this.#byAccount.add(accountOf(metadata.namespace, spec.serviceAccount), id);
  }

  /** Takes out what was added, by the same declaration. */
  remove(id: string, { metadata, spec }: LatticeMember): void {
    const label = this.#labels.get(id);
    if (label !== undefined) this.#byLabel.delete(label, id);
    this.#labels.delete(id);
    this.#byAccount.delete(
      accountOf(metadata.namespace, spec.serviceAccount),
      id,
    );
  }

  /** Members that run as this account. */
  sharing(namespace: string, serviceAccount: string): Iterable<string> {
    return this.#byAccount.get(accountOf(namespace, serviceAccount));
  }

  /** Members that may select such a pod; the selector itself is for the caller to check. */
  *candidates(
    namespace: string,
    labels: Readonly<Record<string, string>>,
  ): Iterable<string> {
    yield* this.#byLabel.get(wholeOf(namespace));
    for (const key of Object.keys(labels))
      yield* this.#byLabel.get(labelIn(namespace, key, labels[key]));
  }

  #rarest(
    namespace: string,
    selector: Readonly<Record<string, string>>,
  ): string | undefined {
    let best: string | undefined;
    let fewest = Infinity;
    for (const key of Object.keys(selector)) {
      const label = labelIn(namespace, key, selector[key]);
      const count = this.#byLabel.count(label);
      if (count < fewest) [best, fewest] = [label, count];
    }
    return best;
  }
}

function wholeOf(namespace: string): string {
  return `${namespace}/`;
}

function labelIn(namespace: string, key: string, value: string): string {
  return `${namespace}/${key}=${value}`;
}

function accountOf(namespace: string, serviceAccount: string): string {
  return `${namespace}/${serviceAccount}`;
}

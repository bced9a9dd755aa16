import { JudgedPod } from '../judges';
import { Random } from '../worlds';

/** Any JSON object. */
export type Json = Record<string, unknown>;

/** What odd policies are drawn for. */
export interface Draft {
  readonly pods: readonly JudgedPod[];
  readonly random: Random;
  readonly trustDomain: string;
  readonly rootNamespace: string;
}

/** Any pod. */
export function anyPod(draft: Draft): JudgedPod {
  return draft.random.pick(draft.pods);
}

/** Its labels but for the one that the engines do not know. */
export function labelsOf({ labels }: JudgedPod): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).filter(([key]) => key !== 'pod-template-hash'),
  );
}

/** Why a chart could not be had; `Unreachable` and `Throttled` pass, the others need somebody to act. */
export type ChartErrorReason =
  | 'NotAllowed'
  | 'AuthFailed'
  | 'NotFound'
  | 'DigestMismatch'
  | 'TooLarge'
  | 'Invalid'
  | 'Throttled'
  | 'Unreachable';

/** A chart could not be had. The message is for the person who must act and never holds a credential. */
export class ChartError extends Error {
  override readonly name = 'ChartError';

  constructor(readonly reason: ChartErrorReason, message: string) {
    super(message);
  }

  /** Whether trying again later may help without anybody acting. */
  get isTransient(): boolean {
    return this.reason === 'Unreachable' || this.reason === 'Throttled';
  }
}

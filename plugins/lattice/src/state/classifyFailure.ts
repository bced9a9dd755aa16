/** What a failed call means to the reader. Missing and forbidden read the same. */
export type FailureKind = 'absent' | 'failed';

const ABSENT_STATUS = [403, 404];
const ABSENT_NAMES = ['NotFoundError', 'NotAllowedError'];

/** Decides by status and name, never by the text of the message. */
export function classifyFailure(error: Error): FailureKind {
  const { statusCode, cause } = error as Error & {
    statusCode?: unknown;
    cause?: { name?: unknown };
  };
  const names = [error.name, cause?.name];
  return ABSENT_STATUS.some(status => status === statusCode) ||
    ABSENT_NAMES.some(name => names.includes(name))
    ? 'absent'
    : 'failed';
}

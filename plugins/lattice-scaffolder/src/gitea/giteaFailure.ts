import { isError } from '@backstage/errors';

/** What Gitea answered, fit to be shown. */
export interface GiteaAnswer {
  readonly status: number;
  readonly message: string;
}

const ADVICE: Readonly<Record<number, string>> = {
  401: 'The token is not accepted. Sign in again, or have the integration’s token in integrations.gitea renewed',
  403: 'The token may not do that. It needs the scope write:repository, and its user must be allowed to write to the repository',
  404: 'It does not exist, or the token may not see it',
  409: 'It changed meanwhile. Run the task again',
  422: 'Gitea finds the request not valid',
  423: 'The repository is archived or locked',
  429: 'Gitea asks to slow down. Run the task again in a few minutes',
};

/**
 * A request to Gitea that did not succeed. The message says what was tried, where, and what to do; never a token.
 */
export class GiteaFailure extends Error {
  override readonly name = 'GiteaFailure';

  private constructor(message: string, readonly status: number | undefined) {
    super(message);
  }

  static answered(
    where: string,
    purpose: string,
    { status, message }: GiteaAnswer,
  ): GiteaFailure {
    const advice = ADVICE[status] ?? adviceByClass(status);
    const said = message ? ` Gitea says: ${message}` : '';
    return new GiteaFailure(
      `Could not ${purpose} in ${where} (HTTP ${status}). ${advice}.${said}`,
      status,
    );
  }

  static unreachable(
    where: string,
    purpose: string,
    cause: unknown,
  ): GiteaFailure {
    return new GiteaFailure(
      `Could not ${purpose} in ${where}: no answer (${networkCode(
        cause,
      )}). Check that the backend reaches the baseUrl of integrations.gitea, then run the task again`,
      undefined,
    );
  }

  static noCredentials(host: string): GiteaFailure {
    return new GiteaFailure(
      `There are no credentials for ${host}. Sign in to it, or set username and password, or password alone for a token, in integrations.gitea`,
      undefined,
    );
  }
}

function adviceByClass(status: number): string {
  if (status >= 300 && status < 400) {
    return 'The repository has moved, and credentials are not sent on. Use its present owner and name';
  }
  return status >= 500
    ? 'Gitea itself has failed. Run the task again later'
    : 'Gitea refused the request';
}

function networkCode(cause: unknown): string {
  if (!isError(cause)) {
    return 'unknown';
  }
  const inner: unknown = cause.cause;
  const code =
    typeof inner === 'object' && inner !== null && 'code' in inner
      ? inner.code
      : undefined;
  return typeof code === 'string' ? code : cause.name;
}

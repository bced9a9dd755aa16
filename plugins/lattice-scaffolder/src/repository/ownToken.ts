/** Key under which upstream's repository picker keeps the user's own token of the forge. */
const USER_TOKEN_KEY = 'USER_OAUTH_TOKEN';

type Secrets = Readonly<Record<string, string | undefined>> | undefined;

/** The user's own token of the forge, when the form has asked for it. */
export function ownToken(secrets: Secrets): string | undefined {
  return secrets?.[USER_TOKEN_KEY] || undefined;
}

/** Whether the forge itself will decide what this person may do. */
export function hasOwnToken(secrets: Secrets): boolean {
  return ownToken(secrets) !== undefined;
}

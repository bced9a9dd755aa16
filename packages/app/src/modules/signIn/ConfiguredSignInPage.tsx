import { ProxiedSignInPage, SignInPage } from '@backstage/core-components';
import {
  SignInPageProps,
  configApiRef,
  useApi,
} from '@backstage/core-plugin-api';
import { useMemo } from 'react';

const PROVIDER = 'oauth2Proxy';

/** Values of `app.signIn`. */
export const SIGN_IN_CHOICES = [
  'guest',
  'oauth2Proxy',
  'oauth2ProxyOrGuest',
] as const;

type SignInChoice = (typeof SIGN_IN_CHOICES)[number];

function useChoice(): SignInChoice {
  const text = useApi(configApiRef).getOptionalString('app.signIn') ?? 'guest';
  const choice = SIGN_IN_CHOICES.find(known => known === text);
  if (!choice) {
    throw new Error(
      `app.signIn is "${text}"; it must be one of ${SIGN_IN_CHOICES.join(
        ', ',
      )}`,
    );
  }
  return choice;
}

function GuestSignInPage(props: SignInPageProps) {
  return <SignInPage {...props} providers={['guest']} />;
}

/**
 * Signs in as guest, or as the user that an authenticating proxy names.
 *
 * @remarks
 * `oauth2ProxyOrGuest` offers the guest page where no proxy names a user; it is meant for development on loopback.
 */
export function ConfiguredSignInPage(props: SignInPageProps) {
  const choice = useChoice();
  const { onSignInSuccess } = props;
  const GuestInstead = useMemo(() => {
    return function GuestFallback() {
      return <GuestSignInPage onSignInSuccess={onSignInSuccess} />;
    };
  }, [onSignInSuccess]);
  if (choice === 'guest') return <GuestSignInPage {...props} />;
  return (
    <ProxiedSignInPage
      {...props}
      provider={PROVIDER}
      ErrorComponent={
        choice === 'oauth2ProxyOrGuest' ? GuestInstead : undefined
      }
    />
  );
}

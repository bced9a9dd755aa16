export interface Config {
  app?: {
    /**
     * How people sign in. `guest` (the default) offers the guest user alone. `oauth2Proxy` takes the user that an
     * authenticating proxy names and offers nothing else. `oauth2ProxyOrGuest` does so, and offers the guest where no
     * proxy names a user: for development only.
     *
     * @visibility frontend
     */
    signIn?: 'guest' | 'oauth2Proxy' | 'oauth2ProxyOrGuest';
  };
}

import { createFrontendModule } from '@backstage/frontend-plugin-api';
import { SignInPageBlueprint } from '@backstage/plugin-app-react';

const signInPage = SignInPageBlueprint.make({
  params: {
    loader: () =>
      import('./ConfiguredSignInPage').then(m => m.ConfiguredSignInPage),
  },
});

/** Chooses the sign-in page by `app.signIn`. */
export const signInModule = createFrontendModule({
  pluginId: 'app',
  extensions: [signInPage],
});

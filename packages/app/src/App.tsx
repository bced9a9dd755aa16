import { createApp } from '@backstage/frontend-defaults';
import { navModule } from './modules/nav';
import { signInModule } from './modules/signIn';

/** The portal. Plugins come from package.json by `app.packages: all`; only the frame is ours. */
export default createApp({ features: [navModule, signInModule] });

import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { ScmIntegrations } from '@backstage/integration';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import { createCheckPairAction } from './actions/checkPair';
import { createGeneratePairAction } from './actions/generatePair';
import { createInspectChartAction } from './actions/inspectChart';
import { createPublishGiteaPullRequestAction } from './actions/publishGiteaPullRequest';

/**
 * Adds the actions of Lattice to the scaffolder.
 *
 * @public
 */
export const scaffolderModuleLattice = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'lattice',
  register(reg) {
    reg.registerInit({
      deps: {
        scaffolder: scaffolderActionsExtensionPoint,
        config: coreServices.rootConfig,
      },
      async init({ scaffolder, config }) {
        const integrations = ScmIntegrations.fromConfig(config);
        scaffolder.addActions(
          createInspectChartAction({ config }),
          createCheckPairAction({ config }),
          createGeneratePairAction({ config, integrations }),
          createPublishGiteaPullRequestAction({ config, integrations }),
        );
      },
    });
  },
});

import { stringify } from 'yaml';
import { customResourceDefinitions } from './customResourceDefinitions';

const HEADER =
  '# Generated from the schemas of lattice-common by `yarn workspace @lattice-portal/backstage-plugin-lattice-common generate:crds`.\n# Do not edit.\n';

/** File name -> YAML text of `deploy/crds`. */
export function renderCrds(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(customResourceDefinitions()).map(([file, crd]) => [
      file,
      HEADER +
        stringify(crd, {
          lineWidth: 0,
          version: '1.1',
          aliasDuplicateObjects: false,
        }),
    ]),
  );
}

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const EXAMPLES = resolve(__dirname, '../../../../examples/manifests');

function example(name: string): string {
  return readFileSync(resolve(EXAMPLES, name), 'utf8');
}

/** The examples that users read are what the command is tried on. */
export const PACKAGE = example('30-redis-package.yaml');
/** The same without values and secrets. */
export const PLAIN_PACKAGE = PACKAGE.split('  values:')[0];
/** Its member: port 6379, callers checkout and inventory of commerce. */
export const MEMBER = example('40-redis-member.yaml');
/** A service that declares data/redis as outbound dependency. */
export const CHECKOUT = example('50-checkout.yaml').split('---')[0];

/** Allows the registry of the examples. */
export const CONFIG = `app:
  title: A portal
lattice:
  charts:
    allowedRepositories:
      - oci://registry.example.com/charts
  secrets:
    defaultStore: vault
`;

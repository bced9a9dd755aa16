import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What the demo needs of a lab. */
export interface DemoLab {
  /** Runs the lab's kubectl and resolves with its output. */
  kubectl(args: string[], input?: string): Promise<string>;
  /** Writes one value into the backing store of the secrets operator. */
  setSecretValue(
    remoteKey: string,
    property: string,
    value: string,
  ): Promise<void>;
}

/** Remote key of the demo's password, by the default key `{namespace}/{resource}` of the lab's overlay. */
export const DEMO_SECRET = {
  remoteKey: 'data/redis',
  property: 'auth-token',
} as const;

/** Applies `examples/manifests` in the order of their names and puts the demo's secret into the store. */
export async function applyDemo(
  lab: DemoLab,
  options: { root: string; secretValue: string },
): Promise<void> {
  await lab.setSecretValue(
    DEMO_SECRET.remoteKey,
    DEMO_SECRET.property,
    options.secretValue,
  );
  const folder = join(options.root, 'examples/manifests');
  const files = (await readdir(folder))
    .filter(name => name.endsWith('.yaml'))
    .sort();
  for (const file of files) {
    await lab.kubectl([
      'apply',
      '--server-side',
      '--filename',
      join(folder, file),
    ]);
  }
}

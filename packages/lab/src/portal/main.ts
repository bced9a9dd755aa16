import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Lab } from '../lab/Lab.ts';
import { startLab } from '../lab/startLab.ts';
import type { Log } from '../parts/types.ts';
import { checkoutDir, stateDir } from '../parts/paths.ts';
import { runInForeground } from '../processes/runInForeground.ts';
import { buildApp } from './buildApp.ts';
import { applyDemo } from './demo.ts';
import { chooseExistingCluster } from './existingCluster.ts';
import { Portal } from './Portal.ts';
import { choosePort } from './choosePort.ts';

const DEFAULT_PORT = 7007;
const DEFAULT_HOT_APP_PORT = 3000;
const FORGE_GRACE_MS = 10_000;
const READY_TIMEOUT_MS = 180_000;

void runInForeground(async ({ log, onStop, fail }) => {
  const root = checkoutDir();
  const state = stateDir();
  const existing = chooseExistingCluster(process.env);
  const isHot = process.argv.includes('--hot');
  const app = isHot ? Promise.resolve() : buildApp(root, log);
  app.catch(() => {});
  await rm(join(state, 'database'), { recursive: true, force: true });
  const lab = await startLab({ parts: [], log });
  onStop(() => lab.stop());
  lab.onFailure(fail);
  const port = await choosePort(DEFAULT_PORT, process.env.PORT);
  const hotAppPort = isHot
    ? await choosePort(DEFAULT_HOT_APP_PORT, process.env.APP_PORT)
    : undefined;
  const portal = new Portal(lab, { root, stateDir: state, port, hotAppPort });
  if (existing) {
    await app;
    await portal.start({ existing });
    log(`Context ${existing.context} is observed; nothing is written to it`);
  } else {
    await startOnLab({ lab, portal, app, log });
  }
  process.stdout.write(`Lattice is ready: ${portal.appUrl}\n`);
});

async function startOnLab(options: {
  lab: Lab;
  portal: Portal;
  /** Resolves when the app is built. */
  app: Promise<void>;
  log: Log;
}): Promise<void> {
  const { lab, portal, app, log } = options;
  await lab.start('cluster', 'registry', 'external-secrets');
  let isForgeReady = false;
  const forge = lab.start('forge', 'delivery').then(() => {
    isForgeReady = true;
  });
  forge.catch(() => {});
  await applyDemo(lab, {
    root: checkoutDir(),
    secretValue: randomBytes(16).toString('hex'),
  });
  await app;
  // A forge that is built already is up within seconds; better to wait for it than to start the portal twice.
  await Promise.race([
    forge.catch(() => {}),
    setTimeout(FORGE_GRACE_MS, undefined, { ref: false }),
  ]);
  const startedWithForge = isForgeReady;
  await portal.start({ withForge: startedWithForge });
  await portal.waitForPackage('lab/data/redis', READY_TIMEOUT_MS);
  if (!startedWithForge) {
    log(
      `Portal usable at ${portal.appUrl}; pull requests need the forge, which comes last`,
    );
    await forge;
    await portal.start({ withForge: true });
  }
  await lab.describe({
    portal: { url: portal.appUrl },
    backend: { url: portal.url, token: portal.token },
  });
  log(
    `Pull requests go to ${lab.forge.url}/${lab.forge.repository} (user ${lab.forge.user})`,
  );
}

import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startLab } from '../lab/startLab.ts';
import { checkoutDir, stateDir } from '../parts/paths.ts';
import { runInForeground } from '../processes/runInForeground.ts';
import { buildApp } from './buildApp.ts';
import { applyDemo } from './demo.ts';
import { Portal } from './Portal.ts';
import { choosePort } from './choosePort.ts';

const DEFAULT_PORT = 7007;
const READY_TIMEOUT_MS = 180_000;

void runInForeground(async ({ log, onStop, fail }) => {
  const root = checkoutDir();
  const state = stateDir();
  const app = buildApp(root, log);
  app.catch(() => {});
  await rm(join(state, 'database'), { recursive: true, force: true });
  const lab = await startLab({ parts: [], log });
  onStop(() => lab.stop());
  lab.onFailure(fail);
  await lab.start('cluster', 'registry', 'external-secrets');
  let isForgeReady = false;
  const forge = lab.start('forge', 'delivery').then(() => {
    isForgeReady = true;
  });
  forge.catch(() => {});
  await applyDemo(lab, { root, secretValue: randomBytes(16).toString('hex') });
  await app;
  const port = await choosePort(DEFAULT_PORT, process.env.PORT);
  const portal = new Portal(lab, { root, stateDir: state, port });
  const startedWithForge = isForgeReady;
  await portal.start({ withForge: startedWithForge });
  await portal.waitForPackage('lab/data/redis', READY_TIMEOUT_MS);
  if (!startedWithForge) {
    log(
      `Portal usable at ${portal.url}; pull requests need the forge, which comes last`,
    );
    await forge;
    await portal.start({ withForge: true });
  }
  await lab.describe({
    portal: { url: portal.url },
    backend: { url: portal.url, token: portal.token },
  });
  log(
    `Pull requests go to ${lab.forge.url}/${lab.forge.repository} (user ${lab.forge.user})`,
  );
  process.stdout.write(`Lattice is ready: ${portal.url}\n`);
});

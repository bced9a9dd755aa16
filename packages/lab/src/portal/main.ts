import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startLab } from '../lab/startLab.ts';
import type { Lab } from '../lab/Lab.ts';
import { checkoutDir, stateDir } from '../parts/paths.ts';
import { buildApp } from './buildApp.ts';
import { applyDemo } from './demo.ts';
import { Portal } from './Portal.ts';
import { choosePort } from './choosePort.ts';
import { runInForeground } from './runInForeground.ts';

const DEFAULT_PORT = 7007;
const READY_TIMEOUT_MS = 180_000;

async function startForge(lab: Lab, portal: Portal, log: (line: string) => void): Promise<void> {
  await lab.start('forge', 'delivery');
  await portal.start({ withForge: true });
  await lab.describe({
    portal: { url: portal.url },
    backend: { url: portal.url, token: portal.token },
  });
  log(`The forge is at ${lab.forge.url} (user ${lab.forge.user}); templates open pull requests there`);
}

await runInForeground(async ({ log, onStop, fail }) => {
  const root = checkoutDir();
  const state = stateDir();
  const app = buildApp(root, log);
  app.catch(() => {});
  await rm(join(state, 'database'), { recursive: true, force: true });
  const lab = await startLab({
    parts: ['cluster', 'registry', 'external-secrets'],
    log,
  });
  onStop(() => lab.stop());
  lab.onFailure(fail);
  await applyDemo(lab, { root, secretValue: randomBytes(16).toString('hex') });
  await app;
  const portal = new Portal(lab, { root, stateDir: state, port: await choosePort(DEFAULT_PORT, process.env.PORT) });
  await portal.start({ withForge: false });
  await portal.waitForPackage('lab/data/redis', READY_TIMEOUT_MS);
  log(`Portal usable at ${portal.url}; templates need the forge, which comes last`);
  await startForge(lab, portal, log);
  process.stdout.write(`Lattice is ready: ${portal.url}\n`);
});

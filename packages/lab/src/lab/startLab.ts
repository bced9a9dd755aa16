import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CertificateAuthority } from '../certificates/CertificateAuthority.ts';
import { ensurePart } from '../parts/ensureParts.ts';
import { stateDir } from '../parts/paths.ts';
import { PartQueue } from '../parts/PartQueue.ts';
import type { Log } from '../parts/types.ts';
import { Supervisor } from '../processes/Supervisor.ts';
import { claimDataDir } from './claimDataDir.ts';
import { Lab } from './Lab.ts';
import { removeLabFile } from './labFile.ts';
import type { LabContext, LabPart } from './types.ts';

/** Everything but the older Helm major. */
export const ALL_PARTS: readonly LabPart[] = [
  'cluster',
  'registry',
  'external-secrets',
  'forge',
  'delivery',
];

/** How a lab is started. */
export type LabOptions = {
  /** What to start now; `Lab.start` brings the rest later. Default: everything. */
  parts?: readonly LabPart[];
  /** Folder for all state, and for lab.json. Default: `.lattice` of the checkout, or `LATTICE_HOME`. */
  dataDir?: string;
  /** Name of the cluster, which is also the folder below `clusters/` that is delivered. Default: `lab`. */
  clusterName?: string;
  /** Receives one line of progress at a time. */
  log?: Log;
  env?: NodeJS.ProcessEnv;
};

/**
 * Starts a lab and resolves when all asked parts are ready. Everything starts from nothing: what an earlier lab left in
 * the folder is removed. Rejects with the reason, and with nothing left running, when a part fails.
 */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const {
    parts = ALL_PARTS,
    clusterName = 'lab',
    log = () => {},
    env = process.env,
  } = options;
  const dataDir = resolve(options.dataDir ?? stateDir(env));
  await mkdir(dataDir, { recursive: true });
  const release = await claimDataDir(dataDir);
  const dir = join(dataDir, 'lab');
  await removeLabFile(dataDir);
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const id = randomBytes(8).toString('hex');
  const queue = new PartQueue(name => ensurePart(name, { env, log }));
  const context: LabContext = {
    id,
    dir,
    env,
    log,
    supervisor: new Supervisor(env, dir),
    authority: await CertificateAuthority.create(`lattice-lab-${id}`),
    parts: queue,
    onUnexpectedExit: () => {},
  };
  const lab = new Lab(context, { dataDir, clusterName, release });
  try {
    await lab.start(...parts);
    return lab;
  } catch (error) {
    await lab.stop();
    throw error;
  }
}

import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Lab } from '../lab/Lab.ts';
import { waitUntil } from '../processes/waitUntil.ts';
import { existingClusterOverlay, labOverlay } from './overlay.ts';
import type { ExistingCluster, PortalSettings } from './overlay.ts';
import { servingCommand } from './servingCommand.ts';

const PROCESS_NAME = 'portal';
const START_TIMEOUT_MS = 180_000;

export interface PortalOptions {
  /** Root of the checkout. */
  readonly root: string;
  /** Folder for the overlay, databases and working files. */
  readonly stateDir: string;
  readonly port: number;
  /** Port of the app when it is served apart, with hot reload; else the backend serves the built app. */
  readonly hotAppPort?: number;
  /** Extra configuration, merged last; for tests. */
  readonly extraConfigFiles?: readonly string[];
}

/** What the portal shows: the lab, with its forge or not yet, or one existing cluster. */
export type PortalTarget =
  | { readonly withForge: boolean }
  | { readonly existing: ExistingCluster };

/** The backend serving the built app, as a process of the lab. */
export class Portal {
  readonly url: string;
  /** Static read-only token for scripts. */
  readonly token = randomBytes(24).toString('hex');
  private readonly backendSecret = randomBytes(24).toString('base64');
  private readonly lab: Lab;
  private readonly options: PortalOptions;

  constructor(lab: Lab, options: PortalOptions) {
    this.lab = lab;
    this.options = options;
    this.url = `http://127.0.0.1:${options.port}`;
  }

  /** Starts, or starts again with what the lab has now, and resolves when the API answers. */
  async start(target: PortalTarget): Promise<void> {
    await this.lab.stopProcess(PROCESS_NAME);
    const overlay = await this.writeOverlay(target);
    const { root, hotAppPort, extraConfigFiles = [] } = this.options;
    await this.lab.runProcess({
      name: PROCESS_NAME,
      program: process.execPath,
      ...servingCommand({
        root,
        isHot: hotAppPort !== undefined,
        configFiles: [
          join(root, 'app-config.yaml'),
          overlay,
          ...extraConfigFiles,
        ],
      }),
      env: { NODE_ENV: 'development', LOG_LEVEL: 'info' },
      isReady: () => this.isReady(),
      timeoutMs: START_TIMEOUT_MS,
    });
  }

  /** Waits until a package of the demo is Ready, as the API tells it. */
  async waitForPackage(path: string, timeoutMs: number): Promise<void> {
    await waitUntil(
      async () => {
        const answer = await fetch(`${this.url}/api/lattice/packages/${path}`, {
          headers: { authorization: `Bearer ${this.token}` },
          signal: AbortSignal.timeout(5_000),
        });
        const body = (await answer.json()) as {
          item?: { phase: string; message?: string };
        };
        if (body.item?.phase === 'Ready') {
          return true;
        }
        throw new Error(
          body.item
            ? `${body.item.phase}: ${body.item.message ?? 'no message'}`
            : `HTTP ${answer.status}`,
        );
      },
      { what: `package ${path} to be Ready`, timeoutMs, intervalMs: 500 },
    );
  }

  /** Where a browser finds the app. */
  get appUrl(): string {
    const { hotAppPort } = this.options;
    return hotAppPort === undefined
      ? this.url
      : `http://127.0.0.1:${hotAppPort}`;
  }

  private async isReady(): Promise<boolean> {
    // The backend serves no page at its root where the app has not been built, as in tests of the API alone.
    const isHot = this.options.hotAppPort !== undefined;
    const answers = await Promise.all(
      [`${this.url}/api/lattice/health`, ...(isHot ? [this.appUrl] : [])].map(
        url => fetch(url, { signal: AbortSignal.timeout(5_000) }),
      ),
    );
    return answers.every(answer => answer.ok);
  }

  private async writeOverlay(target: PortalTarget): Promise<string> {
    const { stateDir, port } = this.options;
    const settings: PortalSettings = {
      portalUrl: this.url,
      appUrl: this.appUrl,
      port,
      databaseDir: join(stateDir, 'database'),
      workDir: join(stateDir, 'work'),
      scriptToken: this.token,
      backendSecret: this.backendSecret,
    };
    await mkdir(settings.databaseDir, { recursive: true });
    await mkdir(settings.workDir, { recursive: true });
    const overlay =
      'existing' in target
        ? existingClusterOverlay(settings, target.existing)
        : this.labOverlay(settings, target.withForge);
    const file = join(stateDir, 'app-config.lab.yaml');
    await writeFile(
      file,
      `# Written at every start of the portal; changes are lost.\n${stringify(
        overlay,
      )}`,
      { mode: 0o600 },
    );
    return file;
  }

  private labOverlay(settings: PortalSettings, withForge: boolean): object {
    const helmBinary = this.lab.helm['4'];
    if (!helmBinary) {
      throw new Error('The lab has no helm; start its part "registry" first');
    }
    return labOverlay({
      ...settings,
      kubeconfig: this.lab.kubeconfig,
      helmBinary,
      registry: this.lab.registry,
      forge: withForge ? this.lab.forge : undefined,
    });
  }
}

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubernetesObject } from '../cluster/KubernetesClient.ts';
import type { Lab } from '../lab/Lab.ts';
import { startLab } from '../lab/startLab.ts';
import type { LabPart } from '../lab/types.ts';
import { checkoutDir } from '../parts/paths.ts';
import { freePorts } from '../processes/freePorts.ts';
import { waitUntil } from '../processes/waitUntil.ts';
import { applyDemo } from './demo.ts';
import { Portal } from './Portal.ts';

const SETTLE_MS = 90_000;

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** A lab with the demo and the portal on it, as `make start` leaves them, for tests. */
export class PortalUnderTest {
  readonly lab: Lab;
  readonly portal: Portal;
  /** Value of the demo's secret; must be found nowhere but where it belongs. */
  readonly secretValue: string;
  private readonly dir: string;

  private constructor(parts: {
    lab: Lab;
    portal: Portal;
    secretValue: string;
    dir: string;
  }) {
    this.lab = parts.lab;
    this.portal = parts.portal;
    this.secretValue = parts.secretValue;
    this.dir = parts.dir;
  }

  /** Starts everything in a folder of its own and resolves when the demo's package is Ready. */
  static async start(options: {
    withForge: boolean;
  }): Promise<PortalUnderTest> {
    const root = checkoutDir();
    const dir = await mkdtemp(join(tmpdir(), 'portal-under-test-'));
    const parts: LabPart[] = ['cluster', 'registry', 'external-secrets'];
    const lab = await startLab({
      dataDir: dir,
      parts: options.withForge ? [...parts, 'forge', 'delivery'] : parts,
    });
    try {
      const secretValue = `canary-${dir.slice(-6)}-value`;
      await applyDemo(lab, { root, secretValue });
      const [port] = await freePorts(1);
      const portal = new Portal(lab, { root, stateDir: dir, port });
      await portal.start(options);
      await portal.waitForPackage('lab/data/redis', SETTLE_MS);
      return new PortalUnderTest({ lab, portal, secretValue, dir });
    } catch (error) {
      await lab.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.lab.stop();
    await rm(this.dir, { recursive: true, force: true });
  }

  /** Everything that the portal has logged. */
  portalLog(): Promise<string> {
    return readFile(join(this.lab.dir, 'logs', 'portal.log'), 'utf8');
  }

  /** Applies manifests as a tenant's delivery would. */
  async apply(...objects: object[]): Promise<void> {
    const list = { apiVersion: 'v1', kind: 'List', items: objects };
    await this.lab.kubectl(['apply', '-f', '-'], JSON.stringify(list));
  }

  /** One object, or undefined when there is none. */
  async get(
    kind: string,
    namespace: string,
    name: string,
  ): Promise<KubernetesObject | undefined> {
    const found = await this.lab.kubectl([
      'get',
      kind,
      name,
      '--namespace',
      namespace,
      '--ignore-not-found',
      '--output=json',
    ]);
    return found ? (JSON.parse(found) as KubernetesObject) : undefined;
  }

  /** Every object of a kind in a namespace. */
  async list(kind: string, namespace: string): Promise<KubernetesObject[]> {
    const found = await this.lab.kubectl([
      'get',
      kind,
      '--namespace',
      namespace,
      '--output=json',
    ]);
    return (JSON.parse(found) as { items: KubernetesObject[] }).items;
  }

  /** Waits until a condition reads as wanted and returns it. */
  async waitForCondition(
    object: { kind: string; namespace: string; name: string },
    wanted: { type: string; status: string; reason?: string },
  ): Promise<Condition> {
    const { kind, namespace, name } = object;
    return waitUntil(
      async () => {
        const found = await this.get(kind, namespace, name);
        const status = found?.status as
          | { conditions?: Condition[] }
          | undefined;
        const condition = status?.conditions?.find(
          ({ type }) => type === wanted.type,
        );
        if (
          condition?.status === wanted.status &&
          (!wanted.reason || condition.reason === wanted.reason)
        ) {
          return condition;
        }
        throw new Error(JSON.stringify(status?.conditions ?? 'no status'));
      },
      {
        what: `${kind} ${namespace}/${name} to read ${JSON.stringify(wanted)}`,
        timeoutMs: SETTLE_MS,
        intervalMs: 300,
      },
    );
  }

  /** Waits until a check holds. */
  async eventually(what: string, check: () => Promise<boolean>): Promise<void> {
    await waitUntil(check, { what, timeoutMs: SETTLE_MS, intervalMs: 300 });
  }

  /** Asks the HTTP API with the read-only token of scripts. */
  async ask(path: string): Promise<{ status: number; text: string }> {
    const answer = await fetch(`${this.portal.url}/api/lattice/${path}`, {
      headers: { authorization: `Bearer ${this.portal.token}` },
    });
    return { status: answer.status, text: await answer.text() };
  }
}

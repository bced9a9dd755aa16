import { join } from 'node:path';
import { foreignCrds } from '../cluster/foreignCrds.ts';
import { installCrds, ownCrds } from '../cluster/installCrds.ts';
import type {
  KubernetesClient,
  KubernetesObject,
} from '../cluster/KubernetesClient.ts';
import { startControlPlane } from '../control-plane/startControlPlane.ts';
import type { ControlPlane } from '../control-plane/startControlPlane.ts';
import { startDelivery } from '../delivery/startDelivery.ts';
import { SecretBackend } from '../external-secrets-stand-in/SecretBackend.ts';
import { startExternalSecrets } from '../external-secrets-stand-in/startExternalSecrets.ts';
import { startForge } from '../forge/startForge.ts';
import type { ReadyPart } from '../parts/types.ts';
import { startProcess } from '../processes/startProcess.ts';
import type { ProcessOptions } from '../processes/startProcess.ts';
import { runProgram } from '../processes/runProgram.ts';
import { publishChart, publishCharts } from '../registry/publishCharts.ts';
import { startRegistry } from '../registry/startRegistry.ts';
import { removeLabFile, writeLabFile } from './labFile.ts';
import { markerObject, SYSTEM_NAMESPACE } from './marker.ts';
import { neededParts } from './neededParts.ts';
import type {
  ForgeInfo,
  LabContext,
  LabFile,
  LabPart,
  RegistryInfo,
} from './types.ts';

const GRACE_MS = 5_000;
const FIELD_MANAGER = 'lattice-lab';
/** Stopped last, in this order: whatever writes to the cluster goes before the cluster. */
const STOPPED_LAST = ['kube-apiserver', 'etcd'];

type LabSettings = {
  dataDir: string;
  clusterName: string;
  release: () => Promise<void>;
};

/** A running lab. Ends with this process, however that ends. */
export class Lab {
  private readonly context: LabContext;
  private readonly settings: LabSettings;
  private readonly starting = new Map<LabPart, Promise<void>>();
  /** Processes that were told to stop: their end is no failure. */
  private readonly stopped = new Set<string>();
  private readonly failureListeners = new Set<(reason: string) => void>();
  private stopping?: Promise<void>;
  private controlPlane?: ControlPlane;
  private kubernetes?: ReadyPart;
  private helms: { '3'?: string; '4'?: string } = {};
  private registryInfo?: RegistryInfo;
  private forgeInfo?: ForgeInfo;
  private backend?: SecretBackend;
  private extra: Partial<LabFile> = {};

  constructor(context: LabContext, settings: LabSettings) {
    this.context = {
      ...context,
      onUnexpectedExit: (name, reason) => this.onExit(name, reason),
    };
    this.settings = settings;
  }

  /** Random, different for each lab; also in the cluster's marker. */
  get id(): string {
    return this.context.id;
  }

  /** Folder with everything of this lab, logs included. */
  get dir(): string {
    return this.context.dir;
  }

  /** Name of the cluster, and of its folder below `clusters/` on the forge. */
  get clusterName(): string {
    return this.settings.clusterName;
  }

  /** Path of the administrator's kubeconfig. */
  get kubeconfig(): string {
    return this.started('cluster', this.controlPlane).kubeconfig;
  }

  /** Path of the API server's audit log, one JSON event a line. */
  get auditLog(): string {
    return this.started('cluster', this.controlPlane).auditLog;
  }

  /** Client with all rights on the cluster. */
  get client(): KubernetesClient {
    return this.started('cluster', this.controlPlane).client;
  }

  /** Path of the kubectl binary. */
  get kubectlPath(): string {
    return this.started('cluster', this.kubernetes).programs.kubectl;
  }

  /** Paths of the helm binaries by major. */
  get helm(): { '3'?: string; '4'?: string } {
    return this.helms;
  }

  get registry(): RegistryInfo {
    return this.started('registry', this.registryInfo);
  }

  get forge(): ForgeInfo {
    return this.started('forge', this.forgeInfo);
  }

  /** Process ids by name, for whoever wants to see them gone. */
  get pids(): Record<string, number> {
    return this.context.supervisor.pids();
  }

  /** Starts parts, each once, and what they need first. Resolves when all are ready. */
  async start(...parts: LabPart[]): Promise<void> {
    this.context.parts.expect(neededParts(parts, this.context.env));
    await Promise.all(parts.map(part => this.startOnce(part)));
  }

  /**
   * Starts another process that ends with the lab, such as the portal, and resolves when it is ready. Its environment is
   * this process's without anything that names a cluster.
   */
  async runProcess(options: ProcessOptions): Promise<void> {
    this.stopped.delete(options.name);
    await startProcess(this.context, options);
  }

  /** Stops a process that `runProcess` started, and waits for its end; no-op when it does not run. */
  async stopProcess(name: string): Promise<void> {
    this.stopped.add(name);
    await this.context.supervisor.stop(name, GRACE_MS);
  }

  /** Runs kubectl against this cluster; resolves with its stdout. */
  async kubectl(args: string[], stdin?: string): Promise<string> {
    const { stdout } = await runProgram(
      this.kubectlPath,
      ['--kubeconfig', this.kubeconfig, ...args],
      {
        env: this.context.env,
        stdin,
        // Its discovery cache belongs to this cluster, not to the user's home.
        extraEnv: { KUBECACHEDIR: join(this.dir, 'kubectl-cache') },
      },
    );
    return stdout;
  }

  /** Puts a property of a secret into the store that External Secrets reads, in place of what was there. */
  async setSecretValue(
    key: string,
    property: string,
    value: string,
  ): Promise<void> {
    await this.secrets.set(key, property, value);
  }

  /** Removes a secret with all its properties from the store. */
  async removeSecret(key: string): Promise<void> {
    await this.secrets.remove(key);
  }

  /** Packages a chart folder and pushes it to the registry. */
  async publishChart(folder: string): Promise<void> {
    await publishChart(this.context, this.registry, folder);
  }

  /**
   * Writes lab.json with all that is known. Called by whoever decides that the lab is ready, and again with the blocks
   * that only the portal's starter knows.
   */
  async describe(
    extra: Partial<Pick<LabFile, 'portal' | 'backend' | 'webhook'>> = {},
  ): Promise<void> {
    this.extra = { ...this.extra, ...extra };
    await writeLabFile(this.settings.dataDir, {
      kubeconfig: this.kubeconfig,
      kubectl: this.kubectlPath,
      helm: this.helms,
      registry: this.registry,
      forge: this.forge,
      auditLog: this.auditLog,
      ...this.extra,
    });
  }

  /** Calls back, with the reason, when a process of the lab ends that should not. */
  onFailure(listener: (reason: string) => void): void {
    this.failureListeners.add(listener);
  }

  /** Stops everything and removes lab.json. Resolves when nothing runs any more; safe to call twice. */
  async stop(): Promise<void> {
    this.stopping ??= this.stopAll();
    await this.stopping;
  }

  private onExit(name: string, reason: string): void {
    if (!this.stopping && !this.stopped.has(name)) {
      for (const listener of this.failureListeners) {
        listener(`${name} ${reason}`);
      }
    }
  }

  private async stopAll(): Promise<void> {
    const { supervisor } = this.context;
    await removeLabFile(this.settings.dataDir);
    const first = Object.keys(supervisor.pids()).filter(
      name => !STOPPED_LAST.includes(name),
    );
    await Promise.all(first.map(name => supervisor.stop(name, GRACE_MS)));
    await this.controlPlane?.client.close();
    for (const name of STOPPED_LAST) {
      await supervisor.stop(name, GRACE_MS);
    }
    await supervisor.close();
    await this.settings.release();
  }

  private startOnce(part: LabPart): Promise<void> {
    const running = this.starting.get(part) ?? this.startPart(part);
    this.starting.set(part, running);
    return running;
  }

  private async startPart(part: LabPart): Promise<void> {
    switch (part) {
      case 'cluster':
        return this.startCluster();
      case 'registry':
        this.registryInfo = await startRegistry(this.context);
        this.helms['4'] = (await this.context.parts.get('helm4')).programs.helm;
        return publishCharts(this.context, this.registryInfo);
      case 'external-secrets':
        await this.startOnce('cluster');
        this.backend = await startExternalSecrets(
          this.context,
          this.started('cluster', this.controlPlane),
        );
        return undefined;
      case 'forge':
        this.forgeInfo = await startForge(this.context);
        return undefined;
      case 'delivery':
        await Promise.all([this.startOnce('cluster'), this.startOnce('forge')]);
        return startDelivery(this.context, {
          controlPlane: this.started('cluster', this.controlPlane),
          forge: this.forge,
          clusterName: this.settings.clusterName,
        });
      case 'helm3':
        this.helms['3'] = (await this.context.parts.get('helm3')).programs.helm;
        return undefined;
      default:
        throw new Error(`The lab has no part '${part as string}'`);
    }
  }

  private async startCluster(): Promise<void> {
    const { context } = this;
    const { filesDir = '' } = await context.parts.get('sources');
    this.controlPlane = await startControlPlane(context, async client => {
      await client.apply(markerObject(context.id), FIELD_MANAGER);
      await client.apply(systemNamespace(), FIELD_MANAGER);
      const withGenerators = context.env.LATTICE_LAB_ESO === 'real';
      const foreign = await foreignCrds(filesDir, { withGenerators });
      await installCrds(
        client,
        [...foreign, ...(await ownCrds())],
        context.log,
      );
    });
    this.kubernetes = await context.parts.get('kubernetes');
  }

  private get secrets(): SecretBackend {
    return this.started('external-secrets', this.backend);
  }

  private started<T>(part: LabPart, value: T | undefined): T {
    if (value === undefined) {
      throw new Error(`Part '${part}' of the lab has not been started`);
    }
    return value;
  }
}

function systemNamespace(): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: SYSTEM_NAMESPACE },
  };
}

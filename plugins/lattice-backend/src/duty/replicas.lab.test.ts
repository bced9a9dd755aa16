import { mkdtemp, rm, writeFile, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import { Lab, startLab, waitUntil } from 'lab';
import { createClusters } from '../clusters/createClusters';
import { KINDS } from '../clusters/kinds';
import { LEASE_NAME, LeaseTiming } from '../controllers/leadershipTypes';
import { AuditEvent, auditEvents, isWrite } from './__testUtils__/auditLog';
import { ReplicaProcess } from './__testUtils__/ReplicaProcess';

const NAMESPACE = 'lattice-system';
const TARGET = { namespace: NAMESPACE, name: 'replica-work' };
const LAB_START_MS = 900_000;
/** A fifth of the usual times. */
const quick: LeaseTiming = {
  leaseMs: 3_000,
  actMs: 2_000,
  renewMs: 1_000,
  retryMs: 400,
};
/** A replica reads what it may at most once every so often, then the busy machine adds its own. */
const SLACK_MS = 2_500;
const ROUNDS = Number(process.env.LATTICE_STOP_ROUNDS ?? 4);

describe('several replicas on a real API server', () => {
  jest.setTimeout(600_000);
  let dir: string;
  let lab: Lab;
  const running: ReplicaProcess[] = [];

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lattice-replicas-'));
    lab = await startLab({ parts: ['cluster'], dataDir: dir });
    await lab.kubectl(['create', 'configmap', '-n', NAMESPACE, TARGET.name]);
    await Promise.all([
      anAccount('replica-a', 'cluster-admin'),
      anAccount('replica-b', 'cluster-admin'),
      anAccount('looker', 'looks-only'),
    ]);
    await lab.kubectl([
      'create',
      'clusterrole',
      'looks-only',
      '--verb=get,list,watch',
      '--resource=*.*,namespaces,services,pods,serviceaccounts,events',
    ]);
  }, LAB_START_MS);

  afterAll(async () => {
    await Promise.all(running.map(replica => replica.end()));
    await lab.stop();
    await rm(dir, { recursive: true, force: true });
  }, 60_000);

  const userOf = (name: string) => `system:serviceaccount:${NAMESPACE}:${name}`;
  const kubeconfigOf = (name: string) => join(dir, `kubeconfig-${name}`);

  /** An account with a kubeconfig of its own, so that the audit log tells who wrote. */
  async function anAccount(name: string, role: string): Promise<void> {
    await lab.kubectl(['create', 'serviceaccount', '-n', NAMESPACE, name]);
    await lab.kubectl([
      'create',
      'clusterrolebinding',
      name,
      `--clusterrole=${role}`,
      `--serviceaccount=${NAMESPACE}:${name}`,
    ]);
    const args = ['create', 'token', '-n', NAMESPACE, '--duration=2h', name];
    const token = (await lab.kubectl(args)).trim();
    const admin = await readFile(lab.kubeconfig, 'utf8');
    const server = /server: "?(https:\/\/[^"\s]+)/.exec(admin)![1];
    const authority = /certificate-authority-data: "?([^"\s]+)/.exec(admin)![1];
    await writeFile(
      kubeconfigOf(name),
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [
          {
            name,
            cluster: { server, 'certificate-authority-data': authority },
          },
        ],
        users: [{ name, user: { token } }],
        contexts: [{ name, context: { cluster: name, user: name } }],
        'current-context': name,
      }),
      { mode: 0o600 },
    );
  }

  async function aReplica(name: string): Promise<ReplicaProcess> {
    const replica = new ReplicaProcess(name, {
      kubeconfig: kubeconfigOf(name),
      timing: quick,
      target: TARGET,
    });
    running.push(replica);
    await waitUntil(async () => replica.isReady, {
      what: `replica ${name} to start`,
      timeoutMs: 60_000,
    });
    return replica;
  }

  async function events(): Promise<AuditEvent[]> {
    return auditEvents(lab.auditLog, ['replica-a', 'replica-b'].map(userOf));
  }

  const isWork = (event: AuditEvent) =>
    event.name === TARGET.name && isWrite(event);

  /** Waits for a write of a replica after a moment of the wall clock; resolves with when it was received. */
  async function nextWorkOf(name: string, afterMs: number): Promise<number> {
    const user = userOf(name);
    return waitUntil(
      async () =>
        (await events()).find(
          it => isWork(it) && it.user === user && it.receivedMs > afterMs,
        )?.receivedMs,
      { what: `${name} to act`, timeoutMs: 30_000, intervalMs: 200 },
    );
  }

  /** Writes that came from a replica after another had taken the Lease and before it had it again. */
  function lateWrites(all: readonly AuditEvent[]): AuditEvent[] {
    let holder = '';
    const late: AuditEvent[] = [];
    const moments = all
      .filter(({ code }) => code < 300)
      .map(event =>
        event.name === LEASE_NAME
          ? { at: event.answeredMs, event }
          : { at: event.receivedMs, event },
      )
      .sort((a, b) => a.at - b.at);
    for (const { event } of moments) {
      if (event.name === LEASE_NAME && isWrite(event)) {
        holder = event.user;
      } else if (isWork(event) && event.user !== holder) {
        late.push(event);
      }
    }
    return late;
  }

  it('never has two that write, whatever is stopped, resumed or killed, and moves on within the time of the Lease', async () => {
    const names = ['replica-a', 'replica-b'];
    const replicas = await Promise.all(names.map(aReplica));
    const startedAt = Date.now();
    const takeovers: number[] = [];
    let [leader, other] = replicas;
    const first = await Promise.race(
      names.map(async name => {
        await nextWorkOf(name, startedAt);
        return name;
      }),
    );
    if (leader.name !== first) {
      [leader, other] = [other, leader];
    }
    for (let round = 0; round < ROUNDS; round++) {
      await pause(Math.random() * 1_500);
      const stoppedAt = Date.now();
      leader.signal('SIGSTOP');
      takeovers.push((await nextWorkOf(other.name, stoppedAt)) - stoppedAt);
      await pause(Math.random() * 1_000);
      leader.signal('SIGCONT');
      [leader, other] = [other, leader];
      await pause(1_500);
    }
    const killedAt = Date.now();
    await leader.end('SIGKILL');
    takeovers.push((await nextWorkOf(other.name, killedAt)) - killedAt);

    const late = lateWrites(await events());
    process.stdout.write(
      `takeovers after ${takeovers
        .map(ms => (ms / 1_000).toFixed(1))
        .join(', ')} s; ${late.length} writes were in flight\n`,
    );
    expect((await events()).filter(isWork).length).toBeGreaterThan(200);
    expect(late.length).toBeLessThanOrEqual(ROUNDS);
    for (const ms of takeovers) {
      expect(ms).toBeGreaterThan(quick.leaseMs - quick.renewMs - 500);
      expect(ms).toBeLessThan(quick.leaseMs + quick.retryMs + SLACK_MS);
    }
    await other.end('SIGTERM');
    const leases = await lab.kubectl([
      ...['get', 'leases', '-n', NAMESPACE],
      '-o=jsonpath={range .items[*]}{.metadata.name}={.spec.holderIdentity};{end}',
    ]);
    // The presence of the one that was killed is left to be removed later.
    expect(leases).toMatch(/lattice-portal=;/);
  });

  it('tries not one write on a cluster that is only observed, with an account that may only look', async () => {
    const logger = mockServices.logger.mock();
    logger.child.mockReturnValue(logger);
    const clusters = createClusters({
      clusters: [
        { name: 'lab', mode: 'observe', kubeconfig: kubeconfigOf('looker') },
      ],
      logger,
      leaseTiming: quick,
      leaseThread: {},
    });
    await clusters.start();
    const connection = clusters.get('lab')!;
    await Promise.all([
      connection.cache(KINDS.LatticePackage).synced(),
      connection.cache(KINDS.Namespace).synced(),
    ]);
    await pause(2 * quick.leaseMs);
    expect(clusters.leadership('lab').isLeader()).toBe(false);
    await clusters.stop();
    const seen = await auditEvents(lab.auditLog, [userOf('looker')]);
    expect(seen.length).toBeGreaterThan(3);
    expect(seen.filter(isWrite)).toEqual([]);
    expect(seen.filter(({ resource }) => resource === 'leases')).toEqual([]);
  });
});

function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}

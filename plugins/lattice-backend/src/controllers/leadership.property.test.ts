import { mockServices } from '@backstage/backend-test-utils';
import fc from 'fast-check';
import { sleep } from '../clusters/clock';
import { FakeClock } from '../clusters/FakeClock';
import { LeaseServer } from './__testUtils__/LeaseServer';
import { LeaseLeadership } from './leadership';
import { LeaseShare } from './leadershipTypes';

const STEP_MS = 250;

/** What befalls the replicas, one thing after another. */
const trouble = fc.record({
  replica: fc.nat({ max: 2 }),
  kind: fc.constantFrom(
    'cut off',
    'back',
    'slow',
    'quick',
    'silent',
    'alive',
    'hand over',
    'another turn',
  ),
  lastsMs: fc.integer({ min: 0, max: 20_000 }),
});

class Replica {
  readonly leadership: LeaseLeadership;
  readonly client;
  latencyMs = 0;
  isAlive = true;

  constructor(
    name: string,
    readonly clock: FakeClock,
    server: LeaseServer,
    share: Pick<LeaseShare, 'isPreferred'>,
  ) {
    this.client = server.client(() =>
      this.latencyMs ? sleep(clock, this.latencyMs) : Promise.resolve(),
    );
    this.leadership = new LeaseLeadership({
      client: this.client,
      identity: name,
      logger: mockServices.logger.mock(),
      clock,
      random: () => 0.5,
      mayRenew: () => this.isAlive,
      share: {
        ...share,
        graceMs: 5_000,
        noteHolder: () => undefined,
        noteHeld: () => undefined,
      },
    });
    this.leadership.start();
  }

  suffer(kind: string): void {
    switch (kind) {
      case 'cut off':
      case 'back':
        this.client.isCutOff = kind === 'cut off';
        break;
      case 'slow':
      case 'quick':
        this.latencyMs = kind === 'slow' ? 9_000 : 0;
        break;
      case 'silent':
      case 'alive':
        this.isAlive = kind === 'alive';
        break;
      case 'hand over':
        void this.leadership.handOver(20_000);
        break;
      default:
        break;
    }
  }

  recover(): void {
    ['back', 'quick', 'alive'].forEach(kind => this.suffer(kind));
  }
}

describe('LeaseLeadership, whatever befalls its replicas', () => {
  it('never has two that lead, grows its term with every holder, and has one again once the trouble is over', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(trouble, { minLength: 1, maxLength: 12 }),
        async troubles => {
          const clock = new FakeClock();
          const server = new LeaseServer();
          let turn = 0;
          const replicas = [0, 1, 2].map(
            index =>
              new Replica(`r${index}`, clock, server, {
                isPreferred: () => turn === index,
              }),
          );
          let last = { holder: -1, term: 0 };
          const watch = async (ms: number) => {
            for (let passed = 0; passed < ms; passed += STEP_MS) {
              await clock.advance(STEP_MS);
              const holders = [0, 1, 2].filter(index =>
                replicas[index].leadership.isLeader(),
              );
              const [holder] = holders;
              const term = replicas[holder]?.leadership.term ?? Infinity;
              const leastTerm = last.term + (holder === last.holder ? 0 : 1);
              expect(holders.length).toBeLessThanOrEqual(1);
              expect(term).toBeGreaterThanOrEqual(leastTerm);
              last = holders.length > 0 ? { holder, term } : last;
            }
          };
          for (const { replica, kind, lastsMs } of troubles) {
            turn = kind === 'another turn' ? replica : turn;
            replicas[replica].suffer(kind);
            await watch(lastsMs);
          }
          replicas.forEach(replica => replica.recover());
          await watch(45_000);
          expect(last.holder).not.toBe(-1);
          expect(replicas[last.holder].leadership.isLeader()).toBe(true);
          const stops = replicas.map(({ leadership }) => leadership.stop());
          await clock.advance(10_000);
          await Promise.all(stops);
          expect(clock.pending).toBe(0);
        },
      ),
      { numRuns: Number(process.env.LATTICE_RUNS ?? 60) },
    );
  }, 120_000);
});

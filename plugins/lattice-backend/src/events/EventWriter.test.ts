import { mockServices } from '@backstage/backend-test-utils';
import { KubernetesObject } from '@lattice-portal/backstage-plugin-lattice-common';
import { FakeClock } from '../clusters/FakeClock';
import { ClusterError } from '../clusters/ClusterError';
import { EventNote, EventWriter } from './EventWriter';

const MEMBER: KubernetesObject = {
  apiVersion: 'lattice.dev/v1alpha1',
  kind: 'LatticeMeshMember',
  metadata: { namespace: 'data', name: 'redis', uid: 'u1' },
};
const NOTE: EventNote = {
  regarding: MEMBER,
  type: 'Warning',
  reason: 'Rejected',
  action: 'Reconcile',
  message: 'why',
};

function aWriter(refusal?: Error) {
  const created: KubernetesObject[] = [];
  const patches: unknown[] = [];
  let attempts = 0;
  const clock = new FakeClock();
  const writer = new EventWriter({
    client: {
      create: async (_, object) => {
        attempts += 1;
        if (refusal) throw refusal;
        created.push(object);
        return object;
      },
      jsonPatch: async (_, key, operations) => {
        patches.push({ key, operations });
        return MEMBER;
      },
    },
    controller: 'mesh',
    logger: mockServices.logger.mock(),
    clock,
    instance: 'replica-1',
  });
  return { writer, clock, created, patches, attempts: () => attempts };
}

describe('EventWriter', () => {
  it('writes an Event as the API server wants it', async () => {
    const { writer, created, clock } = aWriter();
    writer.note(NOTE);
    await clock.advance(0);
    expect(created).toEqual([
      {
        apiVersion: 'events.k8s.io/v1',
        kind: 'Event',
        metadata: {
          namespace: 'data',
          name: expect.stringMatching(/^redis\.[0-9a-f]{16}$/),
        },
        eventTime: '2026-01-01T00:00:00.000000Z',
        reportingController: 'portal.lattice.dev/mesh',
        reportingInstance: 'replica-1',
        action: 'Reconcile',
        reason: 'Rejected',
        type: 'Warning',
        regarding: expect.objectContaining({ name: 'redis', uid: 'u1' }),
        note: 'why',
      },
    ]);
  });

  it('makes a series of repetitions, at most one write a minute', async () => {
    const { writer, created, patches, clock } = aWriter();
    for (let step = 0; step < 7; step++) {
      writer.note(NOTE);
      await clock.advance(20_000);
    }
    expect(created).toHaveLength(1);
    expect(patches).toMatchObject([
      { operations: [{ path: '/series', value: { count: 4 } }] },
      { operations: [{ path: '/series', value: { count: 7 } }] },
    ]);
    await clock.advance(15 * 60_000);
    writer.note(NOTE);
    await clock.advance(0);
    expect(created).toHaveLength(2);
  });

  it('cuts a storm off', async () => {
    const { writer, created, clock } = aWriter();
    for (let index = 0; index < 500; index++) {
      writer.note({ ...NOTE, message: `storm ${index}` });
      await clock.advance(1);
    }
    expect(created.length).toBeLessThanOrEqual(60);
  });

  it('cuts long notes without half a character', async () => {
    const { writer, created, clock } = aWriter();
    writer.note({ ...NOTE, message: '’'.repeat(1000) });
    await clock.advance(0);
    expect(created[0].note).toBe('’'.repeat(341));
  });

  it('fails nobody when it is refused, and does not ask again for a while', async () => {
    const { writer, clock, attempts } = aWriter(
      new ClusterError({
        cluster: 'lab',
        verb: 'create',
        kind: 'Event',
        reason: 'Forbidden',
        explanation: 'no',
      }),
    );
    for (let index = 0; index < 5; index++) {
      writer.note({ ...NOTE, message: `${index}` });
      await clock.advance(1_000);
    }
    expect(attempts()).toBe(1);
    await clock.advance(5 * 60_000);
    writer.note(NOTE);
    await writer.stop();
    expect(attempts()).toBe(2);
    writer.note({ ...NOTE, message: 'after the end' });
    expect(attempts()).toBe(2);
  });
});

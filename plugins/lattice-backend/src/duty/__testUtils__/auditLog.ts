import { readFile } from 'node:fs/promises';

/** One request, as the API server noted it. */
export interface AuditEvent {
  readonly verb: string;
  readonly user: string;
  readonly resource: string;
  readonly name: string;
  readonly code: number;
  readonly receivedMs: number;
  readonly answeredMs: number;
}

interface RawEvent {
  verb: string;
  user: { username: string };
  objectRef?: { resource?: string; name?: string };
  responseStatus?: { code?: number };
  requestReceivedTimestamp: string;
  stageTimestamp: string;
}

const READS = ['get', 'list', 'watch'];

/** Requests of one or more users, in the order in which they were received. */
export async function auditEvents(
  path: string,
  users: readonly string[],
): Promise<AuditEvent[]> {
  const events: AuditEvent[] = [];
  for (const line of (await readFile(path, 'utf8')).split('\n')) {
    const raw = line.endsWith('}') ? (JSON.parse(line) as RawEvent) : undefined;
    if (raw && users.includes(raw.user.username)) {
      events.push({
        verb: raw.verb,
        user: raw.user.username,
        resource: raw.objectRef?.resource ?? '',
        name: raw.objectRef?.name ?? '',
        code: raw.responseStatus?.code ?? 0,
        receivedMs: microseconds(raw.requestReceivedTimestamp) / 1_000,
        answeredMs: microseconds(raw.stageTimestamp) / 1_000,
      });
    }
  }
  return events.sort((a, b) => a.receivedMs - b.receivedMs);
}

/** Whether an event is an attempt to change anything. */
export function isWrite({ verb }: AuditEvent): boolean {
  return !READS.includes(verb);
}

/** `2026-01-01T00:00:00.123456Z`; Date alone knows no more than milliseconds. */
function microseconds(timestamp: string): number {
  const [, fraction = '0'] = /\.(\d+)Z$/.exec(timestamp) ?? [];
  const whole = Date.parse(timestamp.replace(/\.\d+Z$/, 'Z'));
  return whole * 1_000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}

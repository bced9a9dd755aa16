import { Tone } from './StatusLabel';

const TONES: Readonly<Record<string, Tone>> = {
  Ready: 'good',
  Progressing: 'busy',
  Pending: 'busy',
  Degraded: 'bad',
  Failed: 'bad',
  Deleting: 'busy',
};

/** Tone of a phase; an old answer is never shown as good. */
export function phaseTone(phase: string, isComplete: boolean): Tone {
  return isComplete ? TONES[phase] ?? 'quiet' : 'quiet';
}

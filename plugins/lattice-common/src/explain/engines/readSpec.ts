import { isRecord } from '../../api/json';

type Json = Record<string, unknown>;

/** The objects of a list that somebody else wrote; whatever else is in it is left out. */
export function records(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** An object that somebody else wrote, or an empty one. */
export function record(value: unknown): Json {
  return isRecord(value) ? value : {};
}

/** The strings of a list that somebody else wrote. */
export function strings(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((item): item is string => typeof item === 'string')
    : [];
}

/** Whether a list has something in it. */
export function isFilled(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

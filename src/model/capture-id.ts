import { monotonicFactory } from 'ulid';

const next = monotonicFactory();

/** 'cap_' + ULID: sorts by time, also within one millisecond of one process. */
export function newCaptureId(now: number): string {
  return `cap_${next(now)}`;
}

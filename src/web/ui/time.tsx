import type { ReactNode } from 'react';

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });

/** In the viewer's zone; the exact UTC time on hover. Another day than today shows its date. */
export function Time({ at, form = 'short' }: { readonly at: string; readonly form?: 'short' | 'full' }): ReactNode {
  const date = new Date(at);
  const today = isToday(date);
  const text = form === 'full' ? full.format(date) : today ? clock.format(date) : `${day.format(date)} ${clock.format(date)}`;
  return <time dateTime={at} title={`${at.replace('T', ' ').replace('Z', '')} UTC`}>{text}</time>;
}

function isToday(date: Date): boolean {
  return date.toDateString() === new Date().toDateString();
}

/** '+1.2 s', '+4 min', '+2 h', '+3 d' */
export function gapText(ms: number): string {
  if (ms < 1000) return `+${Math.max(0, Math.round(ms))} ms`;
  if (ms < 60_000) return `+${(ms / 1000).toFixed(1)} s`;
  if (ms < 3_600_000) return `+${Math.round(ms / 60_000)} min`;
  if (ms < 86_400_000) return `+${(ms / 3_600_000).toFixed(1)} h`;
  return `+${Math.round(ms / 86_400_000)} d`;
}

export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KiB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

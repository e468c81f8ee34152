import type { CallbackDraft } from '../../model/provider.ts';
import { formText } from '../wire/form.ts';
import { digitsOf, timeOf } from './fields.ts';

/** What is kept of the message to one number. */
export interface StoredMessage {
  readonly uuid: string;
  /** of the first message of a bulk */
  readonly parent: string;
  readonly to: string;
  readonly from: string;
  readonly powerpack: string | null;
  readonly type: string;
  readonly units: number;
  /** ms since the epoch */
  readonly at: number;
  /** what was made to happen; null = it takes its course */
  readonly state: { readonly name: string; readonly at: number } | null;
  readonly error: string | null;
  readonly media: readonly string[];
  readonly url: string | null;
  readonly method: 'GET' | 'POST';
}

/** ms after its creation at which a message that is left alone comes to each state */
export const progress = { queued: 0, sent: 1000, delivered: 2000 } as const;
export const messageStates = ['queued', 'sent', 'delivered', 'undelivered', 'failed', 'rejected', 'read'] as const;
/** codes of https://www.plivo.com/docs/messaging/troubleshooting/error-codes */
const usual: Readonly<Record<string, string>> = { undelivered: '80', failed: '300', rejected: '50' };

export function stateAt({ state, at }: StoredMessage, now: number): { readonly state: string; readonly at: number } {
  if (state !== null) return { state: state.name, at: state.at };
  const [name, after] = Object.entries(progress).findLast(([, ms]) => now >= at + ms) ?? ['queued', 0];
  return { state: name, at: at + after };
}

export function errorOf(state: string, detail: string | null): string | null {
  return detail !== null && /^[0-9]{1,4}$/.test(detail) && state in usual ? detail : usual[state] ?? null;
}

/** One form for each state, where the message named a URL. */
export function messageCallback(stored: StoredMessage, state: string, at: number, error: string | null = null): readonly CallbackDraft[] {
  if (stored.url === null) return [];
  const amount = (0.0035 * stored.units).toFixed(5);
  const body = formText([
    ['From', digitsOf(stored.from)], ['To', digitsOf(stored.to)], ['MessageUUID', stored.uuid], ['ParentMessageUUID', stored.parent], ['Status', state], ['Units', String(stored.units)],
    ['TotalRate', '0.00350'], ['TotalAmount', amount], ['MCC', '310'], ['MNC', '004'], ['PartInfo', `1 of ${stored.units}`], ['ErrorCode', error ?? (state === 'delivered' ? '000' : '')],
    ['QueuedTime', timeOf(stored.at)], ['SentTime', state === 'queued' ? '' : timeOf(stored.at + progress.sent)], ['DeliveryReportTime', ['queued', 'sent'].includes(state) ? '' : timeOf(at)],
  ]);
  return [{ target: stored.url, object: stored.uuid, event: state, notBeforeMs: at, method: stored.method, headers: [], body, contentType: 'application/x-www-form-urlencoded' }];
}

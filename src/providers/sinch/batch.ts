import type { SimulationContext } from '../../model/provider.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';

/** What is remembered of a batch: how it is answered, and what has become of whom. */
export interface StoredBatch {
  readonly batch: Batch;
  readonly startsAt: number;
  /** by number, what has happened besides what the clock alone makes happen */
  readonly became: Readonly<Record<string, Outcome>>;
}

export interface Outcome { readonly status: string; readonly code: number; readonly at: number }

export interface Batch {
  readonly id: string;
  readonly to: readonly string[];
  readonly canceled: boolean;
  readonly delivery_report: string;
  readonly [name: string]: unknown;
}

/** ms after its start at which a simulated message counts as dispatched and as delivered */
export const progress = { dispatched: 1000, delivered: 2000 };

export function batchOf(body: JsonObject, to: readonly string[], id: string, context: SimulationContext): StoredBatch {
  const startsAt = Math.max(context.now, time(field(body, 'send_at')) ?? 0);
  const type = asString(field(body, 'type')) ?? (asObject(field(body, 'body')) === null ? 'mt_text' : 'mt_media');
  const now = iso(context.now);
  const kept = ['parameters', 'udh', 'send_at', 'callback_url', 'client_reference', 'feedback_enabled', 'campaign_id', 'truncate_concat', 'max_number_of_message_parts', 'from_ton', 'from_npi', 'strict_validation'];
  const batch: Batch = {
    id, to: to.map(digits), from: digits(asString(field(body, 'from')) ?? ''), canceled: false,
    ...Object.fromEntries(kept.flatMap((name) => field(body, name) === undefined ? [] : [[name, field(body, name)]])),
    body: field(body, 'body') ?? '', type, created_at: now, modified_at: now, delivery_report: asString(field(body, 'delivery_report')) ?? 'none',
    expire_at: asString(field(body, 'expire_at')) ?? iso(startsAt + 3 * 86_400_000), flash_message: field(body, 'flash_message') === true,
  };
  return { batch, startsAt, became: {} };
}

/** Numbers come back without their plus. */
export function digits(number: string): string {
  return number.replace(/^\+(?=[0-9])/, '');
}

export function isNumber(to: string): boolean {
  return /^\+?[0-9]{3,18}$/.test(to);
}

/** What has become of a number as of `now`: Queued, Dispatched, then Delivered, unless something else has happened. */
export function outcomeOf({ batch, startsAt, became }: StoredBatch, number: string, now: number): Outcome {
  const known = Object.hasOwn(became, number) ? became[number] : undefined;
  if (known !== undefined) return known;
  if (batch.canceled) return { status: 'Aborted', code: 407, at: Date.parse(String(batch['modified_at'])) };
  if (now >= startsAt + progress.delivered) return { status: 'Delivered', code: 0, at: startsAt + progress.delivered };
  return now >= startsAt + progress.dispatched ? { status: 'Dispatched', code: 401, at: startsAt + progress.dispatched } : { status: 'Queued', code: 400, at: startsAt };
}

function time(value: JsonValue | undefined): number | null {
  const ms = Date.parse(asString(value) ?? '');
  return Number.isNaN(ms) ? null : ms;
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** A ULID: 48 bits of time and 80 of its own, in Crockford's base 32. https://github.com/ulid/spec */
export function ulid(context: SimulationContext): string {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  let text = '';
  for (let rest = context.now, at = 0; at < 10; at += 1, rest = Math.floor(rest / 32)) text = alphabet[rest % 32]! + text;
  return text + context.id('', { length: 16, alphabet: 'hex' }).toUpperCase();
}

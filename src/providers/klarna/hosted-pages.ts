import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import type { Checkout } from './checkout.ts';
import { badValue, notFound } from './errors.ts';
import { iso, operation } from './operation.ts';
import type { Work } from './operation.ts';
import type { Session } from './payments.ts';

/** A hosted payment page (HPP): where the customer says yes to a session or a checkout without a script of the shop's. https://docs.klarna.com/api/hpp-merchant/ */
export interface HostedSession {
  readonly id: string;
  readonly of: { readonly kind: 'session' | 'checkout'; readonly id: string };
  /** merchant_urls: 'success', 'cancel', 'back', 'failure', 'status_update' */
  readonly urls: Readonly<Record<string, string>>;
  readonly orders: 'NONE' | 'PLACE_ORDER' | 'CAPTURE_ORDER';
  readonly status: 'WAITING' | 'COMPLETED' | 'FAILED' | 'CANCELLED' | 'DISABLED';
  /** of a session that was said yes to, where the shop places the order itself */
  readonly yes: string | null;
  readonly order: string | null;
  readonly changedMs: number;
  readonly expiresMs: number;
}

const one = /^\/hpp\/v1\/sessions\/([A-Za-z0-9][A-Za-z0-9-]{0,63})$/;
const modes = ['NONE', 'PLACE_ORDER', 'CAPTURE_ORDER'] as const;
/** it ends an hour before the session of the payment */
const lifeMs = 47 * 3600 * 1000;

export const hostedRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/hpp\/v1\/sessions$/, operation: 'hpp.sessions.create', does: 'none',
    run: async (work) => {
      const hosted: HostedSession = {
        id: work.uuid(), of: await requireOf(work), urls: urlsOf(work.body), orders: requireMode(work.body), status: 'WAITING', yes: null, order: null, changedMs: work.now, expiresMs: work.now + lifeMs,
      };
      work.ledger.save('hpp', hosted.id, hosted);
      const self = `${work.api}/hpp/v1/sessions/${hosted.id}`;
      return {
        status: 201,
        body: { session_id: hosted.id, session_url: self, redirect_url: work.page('hpp', hosted.id), qr_code_url: `${self}/qr`, distribution_url: `${self}/distribution`, manual_identification_check_url: `${self}/manual-id-check`, expires_at: iso(hosted.expiresMs) },
      };
    },
  }),
  operation({ method: 'GET', path: one, operation: 'hpp.sessions.get', run: async (work) => ({ status: 200, body: showHosted(await hostedOf(work)) }) }),
  operation({
    method: 'DELETE', path: one, operation: 'hpp.sessions.disable', does: 'none',
    run: async (work) => {
      const hosted = await hostedOf(work);
      work.ledger.save('hpp', hosted.id, { ...hosted, status: 'DISABLED', changedMs: work.now } satisfies HostedSession);
      return { status: 204 };
    },
  }),
];

async function hostedOf({ ledger, call }: Work): Promise<HostedSession> {
  const hosted = await ledger.find<HostedSession>('hpp', call.ids[0]!);
  if (hosted === null) throw notFound(`Session ${call.ids[0]}`);
  return hosted;
}

/** The session or the checkout that it is the page of; it has to be there. */
async function requireOf({ ledger, body }: Work): Promise<HostedSession['of']> {
  const [, what, id = ''] = /^https:\/\/[a-z.-]+\/(payments\/v1\/sessions|checkout\/v3\/orders)\/([A-Za-z0-9][A-Za-z0-9_-]{0,63})$/.exec(asString(field(body, 'payment_session_url')) ?? '') ?? [];
  if (what === undefined) throw badValue('payment_session_url');
  const kind = what.startsWith('payments') ? 'session' : 'checkout';
  if (await ledger.find<Session | Checkout>(kind, id) === null) throw badValue('payment_session_url');
  return { kind, id };
}

function urlsOf(body: JsonObject): HostedSession['urls'] {
  return Object.fromEntries(Object.entries(asObject(field(body, 'merchant_urls')) ?? {}).flatMap(([name, url]) => typeof url === 'string' && url !== '' ? [[name, url]] : []));
}

function requireMode(body: JsonObject): HostedSession['orders'] {
  const said = field(asObject(field(body, 'options')), 'place_order_mode') ?? 'NONE';
  const mode = modes.find((each) => each === said);
  if (mode === undefined) throw badValue('options.place_order_mode');
  return mode;
}

/** What a read shows, and what merchant_urls.status_update is told. */
export function showHosted({ id, status, yes, order, changedMs, expiresMs }: HostedSession): JsonObject {
  return { session_id: id, status, ...(yes === null ? {} : { authorization_token: yes }), ...(order === null ? {} : { order_id: order }), updated_at: iso(changedMs), expires_at: iso(expiresMs) };
}

/** One of the merchant's addresses, with what Klarna puts into its braces. */
export function addressOf({ id, urls, yes, order }: HostedSession, ...names: readonly string[]): string | null {
  const url = names.flatMap((name) => Object.hasOwn(urls, name) ? [urls[name]!] : [])[0];
  return url === undefined ? null : url.replaceAll(/\{\{(session_id|authorization_token|order_id)\}\}/g, (_, name: string) => encodeURIComponent({ session_id: id, authorization_token: yes ?? '', order_id: order ?? '' }[name]!));
}

export function linesOf(given: JsonObject): readonly { readonly name: string; readonly quantity: number; readonly line: JsonObject }[] {
  return (asArray(field(given, 'order_lines')) ?? []).map(asObject).flatMap((line) => {
    const [name, quantity] = [asString(field(line, 'name')), field(line, 'quantity')];
    return line === null || name === null ? [] : [{ name, quantity: typeof quantity === 'number' ? quantity : 1, line }];
  });
}

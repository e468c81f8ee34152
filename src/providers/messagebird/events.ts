import { createHash, createHmac } from 'node:crypto';
import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Consequences, Delivery, LaterEvent, PastCall, SimulationContext } from '../../model/provider.ts';
import { asObject, asString, field, parseJson } from '../wire/json.ts';
import { report } from './stored.ts';
import type { Resource, Stored } from './stored.ts';

/** Statuses of a text, and of a spoken message, which has no reports. */
const ofTexts: readonly string[] = ['sent', 'buffered', 'delivered', 'expired', 'delivery_failed'];
const ofVoice: readonly string[] = ['answered', 'failed', 'busy', 'machine'];
export const events = [...ofTexts, ...ofVoice];

export async function later({ name, recipient, detail }: LaterEvent, { decoded, reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const operation = decoded.kind === 'effects' ? decoded.effects[0]?.operation : undefined;
  const resource = (['messages', 'mms', 'voicemessages'] as const).find((each): each is Resource => operation === `${each}.create`);
  if (resource === undefined || !(resource === 'voicemessages' ? ofVoice : ofTexts).includes(name)) return {};
  const json = parseJson(reply.body);
  const id = json.kind === 'json' ? asString(field(asObject(json.value), 'id')) : null;
  const found = id === null ? null : await context.recall(resource, id);
  if (found === null || found.value === null) return {};
  const stored = found.value as Stored;
  const isHit = (to: string): boolean => recipient === null || recipient === to;
  const hit = stored.items.filter(({ to }) => isHit(to));
  if (hit.length === 0) return {};
  const value: Stored = { ...stored, items: stored.items.map((item) => (isHit(item.to) ? { ...item, status: name, at: context.now } : item)) };
  return { remember: [{ kind: resource, id: stored.id, expectVersion: found.version, value }], callbacks: hit.flatMap(({ to }) => report(stored, to, name, context.now, detail)) };
}

/** MessageBird-Signature-JWT: a token over URL and body, with the account's signing key. https://developers.messagebird.com/api/#verifying-http-requests */
export function sign(delivery: Delivery, secret: string, nowMs: number): Delivery {
  if (secret.trim() === '') throw new Error("MessageBird signs with the account's signing key, and this one is empty: right is the key of the dashboard's developer settings");
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const at = Math.floor(nowMs / 1000);
  const claims = { iss: 'MessageBird', iat: at, nbf: at, exp: at + 60, jti: sha256(`${nowMs} ${delivery.url} ${delivery.body}`).slice(0, 32), url_hash: sha256(delivery.url), ...(delivery.body === '' ? {} : { payload_hash: sha256(delivery.body) }) };
  const said = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  const token = `${said}.${createHmac('sha256', secret).update(said).digest('base64url')}`;
  return { ...delivery, headers: [...delivery.headers.filter(([name]) => name.toLowerCase() !== 'messagebird-signature-jwt'), ['MessageBird-Signature-JWT', token]] };
}

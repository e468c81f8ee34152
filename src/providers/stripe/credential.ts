import type { HttpRequest } from '../../model/exchange.ts';
import { header } from '../../model/exchange.ts';
import type { Liveness } from '../../model/side-effect.ts';
import { basic, bearer } from '../wire/credential.ts';
import { asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { content } from '../wire/content.ts';
import { readCall } from './request.ts';

/** Secret, restricted, publishable, ephemeral and organisation keys: 'sk_', 'rk_', 'pk_', 'ek_', 'sk_org_'. */
const liveKey = /(?:^|[^0-9A-Za-z])(?:sk|rk|pk|ek)_(?:org_)?live_/i;
const testKey = /^(?:sk|rk|pk|ek)_(?:org_)?test_[0-9A-Za-z]+$/;

/** The keys a call presents: one Authorization (Bearer, or Basic with the key as user) and `key=` in query or body. */
export function keysOf(request: HttpRequest, params: JsonObject): readonly string[] {
  return [bearer(request.headers), basic(request.headers)?.user ?? null, asString(field(params, 'key'))].filter((key) => key !== null);
}

/**
 * test: every key presented is a test key, and at least one is. live: something that looks like a live key stands anywhere in
 * the call, whatever else it carries. unknown: all the rest.
 */
export function livenessOf(request: HttpRequest, params: JsonObject): Liveness {
  const password = basic(request.headers);
  const places = [
    ...request.headers.flat(), ...request.trailers.flat(), request.path, request.query ?? '',
    password === null ? '' : `${password.user} ${password.password}`, JSON.stringify(params),
    ...tokens([...request.headers.map(([, value]) => value), request.path, request.query ?? '']),
  ];
  if (liveKey.test(bodyText(request)) || places.some((text) => readings(text).some((reading) => liveKey.test(reading)))) return 'live';
  const keys = keysOf(request, params);
  return keys.length > 0 && keys.every((key) => testKey.test(key)) ? 'test' : 'unknown';
}

/** Names the account whose objects a call is about: its key, and the connected account it acts for. */
export function accountOf(request: HttpRequest): string | null {
  const read = readCall(request);
  const key = keysOf(request, read.kind === 'call' ? read.call.params : {})[0];
  if (key === undefined) return null;
  return `${key}/${header(request.headers, 'stripe-account') ?? ''}`;
}

function bodyText(request: HttpRequest): string {
  const body = content(request);
  return Buffer.from(body.kind === 'bytes' ? body.bytes : request.body).toString('latin1');
}

/** As it stands, and with its escapes undone once and twice: 'sk%5Flive', 'sk%255Flive'. */
function readings(text: string): readonly string[] {
  return text.includes('%') ? [text, lenient(text), lenient(lenient(text))] : [text];
}

/** What looks like base64, decoded: credentials travel so in cookies and second headers too. */
function tokens(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => readings(text).flatMap((reading) => [...reading.matchAll(/[0-9A-Za-z+/_-]{12,}/g)])).map(([token]) => Buffer.from(token, 'base64').toString('latin1'));
}

/** Escapes undone where they are well-formed. */
function lenient(text: string): string {
  return text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

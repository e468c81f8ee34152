import type { HttpResponse } from '../../model/exchange.ts';
import type { Remembered, Simulation } from '../../model/provider.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Email, SideEffect } from '../../model/side-effect.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { emptyReply, jsonReply } from '../wire/reply.ts';
import { strangers } from '../wire/strangers.ts';
import { trimmed } from '../wire/trim.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { fieldPaths, unknownTexts } from '../wire/unknown-fields.ts';
import { notFound } from './error.ts';

/** An address in a path, its at sign and plus escaped or not; nothing that hides a slash. */
export const emailInPath = "((?:[\\w.+'!#$&*=^`{|}~-]|%2[Bb])+(?:@|%40)[\\w.-]+)";

/** What a call reaches that is no mail itself: nobody, or those it names. */
export function effect(operation: string, recipients: readonly Addressee[]): Email {
  return { channel: 'email', provider: 'sendgrid', operation, liveness: 'unknown', recipients, keys: [], from: null, subject: null, text: null, html: null, attachments: [], template: null };
}

/** A change at SendGrid that reaches nobody; `known` are the fields it may have. */
export function change(operation: string, known: readonly string[] = []): NonNullable<JsonRoute['effects']> {
  const harmless = fieldPaths(known.map((name) => `${name}/**`));
  return ({ body }) => [effect(operation, strangers(unknownTexts(body, harmless), []))];
}

/** A call that mails whom one of its fields names, beside those `known` that name nobody to mail. */
export function reaching(operation: string, name: string, known: readonly string[] = []): NonNullable<JsonRoute['effects']> {
  const harmless = fieldPaths([name, ...known].map((each) => `${each}/**`));
  return (call): readonly SideEffect[] | Unread => {
    const value = field(objectOf(call), name);
    const emails = emailsIn(asArray(value) ?? [value ?? null]);
    if (emails === null) return unreadable('the body does not tell whom it would reach');
    const named = emails.map((address): Addressee => ({ address, kind: 'email', role: 'to' }));
    return [effect(operation, [...named, ...strangers(unknownTexts(objectOf(call), harmless), named)])];
  };
}

/** A change of who is mailed later: whomever it is about counts as its recipient. */
export function suppression(operation: string, recipients: readonly Addressee[]): readonly Email[] {
  return [effect(operation, recipients.map((each) => ({ ...each, role: 'suppression' })))];
}

export function audience(address: string): Addressee {
  return { address, kind: 'audience', role: 'audience' };
}

/** The addresses of a list of texts; null where it is none, is empty or holds anything else. */
export function emailsIn(value: JsonValue | undefined): readonly string[] | null {
  const emails = (asArray(value) ?? []).map((each) => trimmed(asString(each) ?? ''));
  return emails.length === 0 || emails.includes('') ? null : emails;
}

export function objectOf({ body }: JsonCall): JsonObject {
  return asObject(body) ?? {};
}

export function textIn(call: JsonCall, name: string): string | null {
  return asString(field(objectOf(call), name));
}

/** The first value of a field of the query. */
export function queried({ query }: JsonCall, name: string): string | null {
  return query.find(([each]) => each === name)?.[1] ?? null;
}

/** `2026-11-21 09:00:00`, as templates have it */
export function plainTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

export function get(path: string | RegExp, operation: string, answer: (call: JsonCallInContext) => Promise<HttpResponse>): JsonRoute {
  return { method: 'GET', path: typeof path === 'string' ? new RegExp(`^${path}$`) : path, operation, answer: async (call) => ({ reply: await answer(call) }) };
}

export function list(path: string, kind: string, body: (items: readonly unknown[]) => unknown): JsonRoute {
  return get(path, `${kind}.list`, async ({ context }) => jsonReply(200, body((await context.list(kind, { limit: 500 })).items.map(({ value }) => value))));
}

export function item(path: string, kind: string): JsonRoute {
  return get(`${path}/([\\w-]+)`, `${kind}.get`, async ({ ids: [id = ''], context }) => {
    const known = await context.recall(kind, id);
    return known === null ? notFound() : jsonReply(200, known.value);
  });
}

export function removal(path: string, kind: string): JsonRoute {
  return {
    method: 'DELETE', path: new RegExp(`^${path}/([\\w-]+)$`), operation: `${kind}.delete`, effects: change(`${kind}.delete`),
    answer: (call) => withStored(call, kind, call.ids[0] ?? '', (known) => ({ reply: emptyReply(204), remember: [{ kind, id: known.id, expectVersion: known.version, value: null }] })),
  };
}

/** A PATCH that lays the given fields over the stored ones. */
export function patch(path: string, kind: string, known: readonly string[], more: (call: JsonCallInContext) => object = () => ({})): JsonRoute {
  return {
    method: 'PATCH', path: new RegExp(`^${path}/([\\w-]+)$`), operation: `${kind}.update`, effects: change(`${kind}.update`, known),
    answer: (call) => withStored(call, kind, call.ids[0] ?? '', (stored) => {
      const value = { ...stored.value as object, ...taken(objectOf(call), known), ...more(call) };
      return { reply: jsonReply(200, value), remember: [{ kind, id: stored.id, expectVersion: stored.version, value }] };
    }),
  };
}

export function taken(body: JsonObject, known: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => known.includes(name)));
}

export async function withStored({ context }: JsonCallInContext, kind: string, id: string, answer: (known: Remembered) => Simulation<HttpResponse> | Promise<Simulation<HttpResponse>>): Promise<Simulation<HttpResponse>> {
  const known = await context.recall(kind, id);
  return known === null || known.value === null ? { reply: notFound() } : answer(known);
}

/** Numbers as SendGrid gives them to groups and senders. */
export function numberId({ context }: JsonCallInContext, length: number): number {
  return Number(`1${context.id('', { length: length - 1, alphabet: 'digits' })}`);
}

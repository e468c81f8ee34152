import type { Headers, HttpRequest } from '../../model/exchange.ts';
import { headerAll } from '../../model/exchange.ts';
import type { Change, Rewritten, Said } from '../../model/provider.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { formBody, isBodiless, jsonBody } from './body.ts';
import { formText, parseQuery } from './form.ts';
import type { FormField } from './form.ts';
import { asArray, asObject } from './json.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { mediaType } from './media-type.ts';
import { isHeaderText, rebuilt, saidOutside, textsIn } from './rebuilt.ts';
import type { Unread } from './unread.ts';

/** What is put in the place of the caller's credential. */
export interface Presented {
  readonly authorization?: string;
  readonly headers?: Headers;
  /** the JSON body with it, where the vendor reads its credential there */
  readonly body?: (body: JsonObject) => JsonObject;
}

/** How one vendor's call becomes one for its sandbox. */
export interface SandboxWay {
  /** lower-case names of header fields that travel on, beside those of every call; a credential in one of them stays unless it is presented anew */
  readonly keep: readonly string[];
  /** the rule's credential as the vendor takes it in this call; null = this call keeps the caller's; a string says why it is none */
  readonly present: (credential: string, request: HttpRequest) => Presented | null | string;
  /** where the path is another at the host it goes to */
  readonly path?: (path: string, host: string) => string;
}

type Content =
  | { readonly kind: 'none' }
  | { readonly kind: 'json'; readonly value: JsonValue }
  | { readonly kind: 'form'; readonly fields: readonly FormField[] };

/**
 * `rewrite` and `said` of a vendor that takes JSON or forms: its credential replaced, the ids of the rule put in place of the live
 * ones (in the path too), every address that `decode` found changed wherever it stands alone in a field, the rest as text. Anything
 * else (XML, uploads, a call that was not understood) is not rewritten, so it does not leave.
 */
export function toSandbox(decode: (request: HttpRequest) => Decoded, way: SandboxWay): {
  readonly rewrite: (request: HttpRequest, change: Change) => Rewritten<HttpRequest>;
  readonly said: (request: HttpRequest) => readonly Said[] | null;
} {
  return {
    rewrite(request, change) {
      const decoded = decode(request);
      const made = rewritten(request, { change, way, decoded });
      if (made.kind === 'impossible') return made;
      // a number in two fields, a name inside a text: whoever was to be replaced and is still there
      const gone = new Set(peopleOf(decoded).filter((one) => change.recipient(one) !== one.address).map(({ address }) => address));
      const left = peopleOf(decode(made.request)).find(({ address }) => gone.has(address));
      return left === undefined ? made : impossible(`${left.address} is named in it in a way that cannot be replaced`);
    },
    said(request) {
      const content = contentOf(request);
      if (content.kind === 'unreadable' || headerAll(request.headers, 'content-encoding').length > 0) return null;
      return [...saidOutside(request), ...textsOf(content)];
    },
  };
}

function rewritten(request: HttpRequest, { change, way, decoded }: { readonly change: Change; readonly way: SandboxWay; readonly decoded: Decoded }): Rewritten<HttpRequest> {
  if (decoded.kind === 'unrecognized') return impossible(decoded.why);
  const presented = change.credential === null ? null : way.present(change.credential, request);
  if (typeof presented === 'string') return impossible(`the credential of the rule is none of this vendor's: ${presented}`);
  if ([presented?.authorization, ...(presented?.headers ?? []).map(([, value]) => value)].some((value) => value !== undefined && !isHeaderText(value))) return impossible('the credential of the rule fits in no header');
  const content = contentOf(request);
  const query = parseQuery(request.query);
  if (content.kind === 'unreadable' || query.kind === 'unreadable') return impossible('its parameters cannot be read');
  const path = pathOf(request.path, { change, way });
  if (path === null) return impossible('an id of the rule cannot stand in a path');

  const people = peopleOf(decoded);
  if (content.kind === 'json' && !isExact(content.value)) return impossible('a number in it is larger than can be written again exactly');
  const said = (text: string): string | null => changed(text, people, change);
  const sent = changedContent(content, { presented, said, id: change.value });
  const secret = presented === null ? null : secretLeft(sent, query.fields, change.credential ?? '');
  if (secret !== null) return impossible(`${secret} holds a secret of the caller that the rule has nothing for`);
  const queryText = formText(query.fields.flatMap(([name, value]) => pair(name, said(value))));
  // with the rule's credential none of the caller's travels on, wherever the vendor might read one
  const without = presented === null ? request : { ...request, headers: request.headers.filter(([name]) => name.toLowerCase() !== 'authorization') };
  const made = rebuilt(without, {
    path: path, query: queryText === '' ? null : queryText, authorization: presented?.authorization ?? null,
    keep: way.keep.filter((name) => presented?.headers?.every(([own]) => own.toLowerCase() !== name) ?? true), body: bodyOf(sent),
  });
  return { kind: 'rewritten', request: { ...made, headers: [...made.headers, ...presented?.headers ?? []] } };
}

function contentOf(request: HttpRequest): Content | Unread {
  if (isBodiless(request)) return { kind: 'none' };
  if (mediaType(request.headers)?.type === 'application/x-www-form-urlencoded') return formBody(request);
  return jsonBody(request);
}

/** What is sent in its place. */
function changedContent(content: Content, { presented, said, id }: { readonly presented: Presented | null; readonly said: (text: string) => string | null; readonly id: (value: string) => string }): Content {
  switch (content.kind) {
    case 'none': return content;
    case 'form': return { kind: 'form', fields: content.fields.flatMap(([name, value]) => pair(name, said(value))) };
    case 'json': {
      const value = mapped(content.value, said, id) ?? null;
      const own = asObject(value);
      return { kind: 'json', value: own === null ? value : presented?.body?.(own) ?? own };
    }
  }
}

function bodyOf(content: Content): Parameters<typeof rebuilt>[1]['body'] {
  switch (content.kind) {
    case 'none': return null;
    case 'form': return { type: 'application/x-www-form-urlencoded', bytes: Buffer.from(formText(content.fields)) };
    case 'json': return { type: 'application/json', bytes: Buffer.from(JSON.stringify(content.value)) };
  }
}

/** Whoever has an address; a customer id reaches nobody but inside the account. */
function peopleOf(decoded: Decoded): readonly Addressee[] {
  return decoded.kind === 'effects' ? decoded.effects.flatMap(({ recipients }) => recipients.filter(({ kind }) => kind === 'email' || kind === 'phone')) : [];
}

/** Who stands alone in a field is replaced, or taken out with it; everything else is text. */
function changed(text: string, people: readonly Addressee[], change: Change): string | null {
  const one = people.find(({ address }) => address.toLowerCase() === text.trim().toLowerCase());
  return one === undefined ? change.text(text) : change.recipient(one);
}

function mapped(value: JsonValue, said: (text: string) => string | null, id: (value: string) => string): JsonValue | undefined {
  if (typeof value === 'string') return said(value) ?? undefined;
  if (typeof value === 'number') return numberOr(value, id(String(value)));
  const items = asArray(value);
  if (items !== null) return items.flatMap((item) => mapped(item, said, id) ?? (item === null ? [null] : []));
  const object = asObject(value);
  if (object === null) return value;
  return Object.fromEntries(Object.entries(object).flatMap(([name, item]) => {
    const made = mapped(item, said, id);
    return made === undefined ? [] : [[name, made] as const];
  }));
}

const secretName = /^(?:client_?secret|refresh_?token|key_?secret|registration_?code|transaction_?key|password|client_assertion)$/i;

/** Where a credential of the caller stands that is not in the vendor's usual place: a token call's own fields, a second login in the body. */
function secretLeft(content: Content, query: readonly FormField[], credential: string): string | null {
  const own = (value: JsonValue): boolean => typeof value !== 'string' || value === '' || credential.split(':').includes(value);
  const [inQuery] = query.find(([name]) => secretName.test(name) || /^access_?token$/i.test(name)) ?? [];
  if (inQuery !== undefined) return `its query field ${inQuery}`;
  switch (content.kind) {
    case 'none': return null;
    case 'form': {
      const [name] = content.fields.find(([each, value]) => secretName.test(each) && !own(value)) ?? [];
      return name === undefined ? null : `its field ${name}`;
    }
    case 'json': {
      const name = namedSecret(content.value, own);
      return name === null ? null : `its field ${name}`;
    }
  }
}

function namedSecret(value: JsonValue, own: (value: JsonValue) => boolean): string | null {
  for (const [name, item] of Object.entries(asArray(value) ?? asObject(value) ?? {}) as Iterable<readonly [string, JsonValue]>) {
    if (secretName.test(name) && !own(item)) return name;
    const inner = namedSecret(item, own);
    if (inner !== null) return inner;
  }
  return null;
}

/** An id that was a number stays one where it can. */
function numberOr(value: number, made: string): JsonValue {
  if (made === String(value)) return value;
  return String(Number(made)) === made ? Number(made) : made;
}

/** Every whole number of it is one that a double holds, so that writing it again says the same. */
function isExact(value: JsonValue): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value);
  const items = asArray(value) ?? Object.values(asObject(value) ?? {});
  return items.every(isExact);
}

function pathOf(path: string, { change, way }: { readonly change: Change; readonly way: SandboxWay }): string | null {
  const segments = path.split('/').map((segment) => change.value(segment));
  if (segments.some((segment, index) => segment !== path.split('/')[index] && !/^[A-Za-z0-9_~-][A-Za-z0-9._~-]*$/.test(segment))) return null;
  const made = segments.join('/');
  return change.host === null || way.path === undefined ? made : way.path(made, change.host);
}

function textsOf(content: Content): readonly Said[] {
  switch (content.kind) {
    case 'none': return [];
    case 'form': return content.fields.flatMap(([name, value]) => textsIn({ [name]: value }, () => false));
    case 'json': return textsIn(content.value, () => false);
  }
}

function pair(name: string, value: string | null): readonly FormField[] {
  return value === null ? [] : [[name, value]];
}

function impossible(why: string): Rewritten<HttpRequest> {
  return { kind: 'impossible', why };
}

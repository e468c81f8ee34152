import type { Bytes } from '../../model/bytes.ts';
import type { HttpRequest } from '../../model/exchange.ts';
import { jsonBody } from '../wire/body.ts';
import { content } from '../wire/content.ts';
import { formAll, parseQuery } from '../wire/form.ts';
import { asObject, asString, field, parseJson } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { lookalike } from '../wire/lookalike.ts';
import { isText, mediaType, parseMediaType } from '../wire/media-type.ts';
import { readMimeTree } from '../wire/mime-tree.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

/** What was sent to a place that takes mail: the mail itself as bytes, and what stands beside it. */
export interface Sent {
  readonly kind: 'sent';
  readonly raw: Bytes | null;
  /** the JSON as sent, without the mail; {} where there is none */
  readonly beside: JsonObject;
  /** of the message, within the draft where it is one */
  readonly message: JsonObject;
}

/** What each sort of body is called: a message, or a draft that holds one. */
export type Shape = 'message' | 'draft';

/**
 * A mail comes as base64url in JSON (/gmail/v1), or as it is with or without JSON before it (/upload/gmail/v1).
 * https://developers.google.com/workspace/gmail/api/guides/uploads
 */
export function readSent(request: HttpRequest, shape: Shape): Sent | Unread {
  const query = parseQuery(request.query);
  if (query.kind === 'unreadable') return query;
  const odd = query.fields.find(([name]) => !harmlessOptions.includes(name));
  if (odd !== undefined) return unreadable(`query option '${odd[0].slice(0, 40)}' is not known`);
  const types = formAll(query.fields, 'uploadType');
  if (!request.path.startsWith('/upload/')) return types.length > 0 ? unreadable('an uploadType on a call that is no upload') : fromJson(request, shape);
  if (types.length !== 1) return unreadable('uploadType is not given exactly once');
  switch (types[0]) {
    case 'media': return fromMedia(request);
    case 'multipart': return fromMultipart(request, shape);
    default: return unreadable(`uploadType '${(types[0] ?? '').slice(0, 40)}' is not simulated`);
  }
}

const harmlessOptions = ['uploadType', 'alt', 'fields', 'key', 'prettyPrint', 'quotaUser', 'access_token', 'oauth_token', '$.xgafv'];

function fromJson(request: HttpRequest, shape: Shape): Sent | Unread {
  const json = jsonBody(request);
  if (json.kind === 'unreadable') return json;
  const object = asObject(json.value);
  return object === null ? unreadable('the body is not a JSON object') : ofObject(object, shape);
}

function ofObject(beside: JsonObject, shape: Shape): Sent | Unread {
  const inner = shape === 'message' ? beside : field(beside, 'message') ?? {};
  const message = asObject(inner);
  const odd = lookalike(Object.keys(beside), ['message', 'id', 'raw']) ?? lookalike(Object.keys(message ?? {}), ['raw']);
  if (message === null || odd !== null) return unreadable('the message is not as Gmail spells it');
  const { raw, ...others } = message;
  if (raw === undefined) return { kind: 'sent', raw: null, beside, message };
  const bytes = fromBase64(asString(raw));
  if (bytes === null) return unreadable('raw is not the base64url of a message');
  return { kind: 'sent', raw: bytes, beside: shape === 'message' ? others : { ...beside, message: others }, message: others };
}

function fromMedia(request: HttpRequest): Sent | Unread {
  if (mediaType(request.headers)?.type !== 'message/rfc822') return unreadable('content-type is not message/rfc822');
  const body = content(request);
  return body.kind === 'unreadable' ? body : { kind: 'sent', raw: body.bytes, beside: {}, message: {} };
}

/** multipart/related (RFC 2387): the JSON, then the mail. */
function fromMultipart(request: HttpRequest, shape: Shape): Sent | Unread {
  const type = request.headers.filter(([name]) => name.toLowerCase() === 'content-type').map(([, value]) => value);
  if (type.length !== 1 || parseMediaType(type[0]!)?.type !== 'multipart/related') return unreadable('content-type is not one multipart/related');
  const body = content(request);
  if (body.kind === 'unreadable') return body;
  const tree = readMimeTree(Buffer.concat([Buffer.from(`Content-Type: ${type[0]}\r\n\r\n`, 'latin1'), body.bytes]));
  if (tree.kind === 'unreadable') return tree;
  const [first, second, ...more] = tree.kind === 'multipart' ? tree.parts : [];
  if (first?.kind !== 'leaf' || second?.kind !== 'leaf' || more.length > 0) return unreadable('the body is not of two parts');
  if (!isText(first.media, 'application/json') || second.media.type !== 'message/rfc822') return unreadable('its parts are not application/json and message/rfc822');
  const json = parseJson(first.content);
  const object = json.kind === 'json' ? asObject(json.value) : null;
  if (object === null) return unreadable(json.kind === 'unreadable' ? json.why : 'its first part is not a JSON object');
  const sent = ofObject(object, shape);
  if (sent.kind === 'unreadable') return sent;
  return sent.raw === null ? { ...sent, raw: second.content } : unreadable('the mail is given twice');
}

/** With or without padding, and in the alphabet of either base64: Google reads both. */
export function fromBase64(text: string | null): Bytes | null {
  const bare = text?.replace(/={1,2}$/, '') ?? '';
  return bare === '' || bare.length % 4 === 1 || /[^A-Za-z0-9+/_-]/.test(bare) ? null : Buffer.from(bare, 'base64');
}

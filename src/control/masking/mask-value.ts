import { isShown, knownOf, nobody, recipientOf, type Known } from './known.ts';
import { maskBody } from './mask-body.ts';
import { maskText } from './mask-text.ts';
import { hidden, maskedAddress, maskedPhone, type Shown } from './shown-address.ts';

/** Fields of a capture that are ours and not the caller's words: only what looks like an address is hidden in them. */
const ours: ReadonlySet<string> = new Set([
  'id', 'at', 'instance', 'space', 'service', 'run', 'trace', 'person', 'protocol', 'direction', 'parent', 'channel', 'channels', 'provider', 'operation', 'operations',
  'liveness', 'action', 'rule', 'outcome', 'fingerprint', 'enrichment', 'duplicateOf',
]);

/** Vendors send a number without '+' under these names, as text or as a JSON number. */
const numberField = /^(?:to|from|.*(?:phone|mobile|msisdn|tel|number|recipient|destination|sender|originator|addr)s?)$/i;

/**
 * Any JSON of the API with everybody hidden who is not shown: pure, and the whole depth of it, names of fields included. Where an object lists
 * recipients, they are known for all that is below it.
 */
export function maskValue(value: unknown, shown: Shown, known: Known = nobody): unknown {
  return walk(value, { shown, known, read: { characters: 0 } }, '');
}

/** What is read for one answer, beyond which all is hidden: a mailing of ten thousand texts is not to hold up the calls of others. */
const mostRead = 4_000_000;

interface Walk { readonly shown: Shown; readonly known: Known; readonly read: { characters: number } }

function textAt(text: string, at: Walk): string {
  at.read.characters += text.length;
  return at.read.characters > mostRead ? hidden : maskText(text, at);
}

function walk(value: unknown, at: Walk, name: string): unknown {
  if (typeof value === 'string') return numberField.test(name) ? bareNumber(value, at) ?? textAt(value, at) : textAt(value, at);
  if (typeof value === 'number' || typeof value === 'bigint') return Math.abs(Number(value)) >= 1e6 || at.known.words !== null ? numeric(value, at, name) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => walk(item, at, name));
  const recipient = recipientOf(value);
  if (recipient !== null) {
    const { address: _, ...rest } = value as { readonly address: string };
    return { address: isShown(recipient, at.shown) ? recipient.address : maskedAddress(recipient.kind, recipient.address), ...fields(rest, at) };
  }
  const within: Walk = { ...at, known: knownIn(value, at) };
  if (isCapture(value)) {
    const { request, reply, ...rest } = value as Record<string, unknown>;
    const plain: Walk = { ...within, known: nobody };
    const summary = Object.fromEntries(Object.entries(rest).map(([key, item]) => [key, typeof item === 'number' ? item : walk(item, ours.has(key) ? plain : within, key)]));
    return { ...summary, ...request === undefined ? {} : { request: exchange(request, within) }, ...reply === undefined ? {} : { reply: exchange(reply, within) } };
  }
  return fields(value, within);
}

function fields(value: object, at: Walk): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [textAt(key, at), walk(item, at, key)]));
}

/** A request or a reply as it is stored: its body is masked by what it is, or not shown. */
function exchange(value: unknown, at: Walk): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { body, ...rest } = value as Record<string, unknown>;
  const masked = fields(rest, at);
  return body === undefined ? masked : { ...masked, body: maskBody(body, { of: rest, mask: (json) => walk(json, at, ''), text: (text) => textAt(text, at) }) };
}

function isCapture(value: object): boolean {
  return 'recipients' in value && Array.isArray(value.recipients) && 'id' in value && 'seq' in value;
}

/** Its own recipients, and those of its effects: a list of a capture may be shorter than what was decoded. */
function knownIn(value: object, { shown, known }: Walk): Known {
  const own = 'recipients' in value && Array.isArray(value.recipients) ? value.recipients as readonly unknown[] : [];
  const decoded = 'decoded' in value && typeof value.decoded === 'object' && value.decoded !== null && 'effects' in value.decoded && Array.isArray(value.decoded.effects)
    ? (value.decoded.effects as readonly unknown[]).flatMap((effect) => (typeof effect === 'object' && effect !== null && 'recipients' in effect && Array.isArray(effect.recipients) ? effect.recipients as readonly unknown[] : [])) : [];
  return knownOf([...own, ...decoded], shown, known);
}

/** Null: it is no telephone number. */
function bareNumber(text: string, { shown }: Walk): string | null {
  if (!/^[0-9][0-9 ().\-/]{5,24}$/.test(text)) return null;
  const digits = text.replace(/[^0-9]/g, '');
  if (digits.length < 7) return null;
  return shown('phone', `+${digits}`) ? text : maskedPhone(text);
}

function numeric(value: number | bigint, at: Walk, name: string): unknown {
  const text = String(value);
  const masked = numberField.test(name) ? bareNumber(text, at) ?? text : maskText(text, at);
  return masked === text ? value : masked === '' ? hidden : masked;
}

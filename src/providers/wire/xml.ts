import type { HttpRequest } from '../../model/exchange.ts';
import type { Bytes } from '../../model/bytes.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Limits } from '../../model/limits.ts';
import { content } from './content.ts';
import { isText, mediaType } from './media-type.ts';
import { strictText } from './text.ts';
import { unreadable } from './unread.ts';
import type { Unread } from './unread.ts';

/** An element with either elements or text in it, never both. White space around elements is dropped, that of a text is kept. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly children: readonly XmlElement[];
  readonly text: string;
}

export type XmlLimits = Pick<Limits, 'jsonDepth' | 'jsonKeys'>;
type Xml = { readonly kind: 'xml'; readonly root: XmlElement };

/** The body as XML: media type, content coding and grammar all strict. */
export function xmlBody(request: HttpRequest): Xml | Unread {
  const media = mediaType(request.headers);
  if (!isText(media, 'application/xml') && !isText(media, 'text/xml')) return unreadable('content-type is not one application/xml or text/xml in UTF-8');
  const body = content(request);
  return body.kind === 'unreadable' ? body : parseXml(body.bytes);
}

/** True when the call says that its body is XML. */
export function saysXml(request: HttpRequest): boolean {
  return ['application/xml', 'text/xml'].includes(mediaType(request.headers)?.type ?? '');
}

const declaration = /^<\?xml version=(?:"1\.0"|'1\.0')(?: encoding=(?:"utf-8"|'utf-8'))?(?: standalone=(?:"(?:yes|no)"|'(?:yes|no)'))? ?\?>/i;
const tag = /<(\/?)([A-Za-z_][A-Za-z0-9_.-]*)((?:[ \t\r\n]+[A-Za-z_][A-Za-z0-9_.:-]*=(?:"[^"<]*"|'[^'<]*'))*)[ \t\r\n]*(\/?)>/y;
const attribute = /([A-Za-z_][A-Za-z0-9_.:-]*)=(?:"([^"]*)"|'([^']*)')/g;
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

interface Open { readonly name: string; readonly attributes: XmlElement['attributes']; readonly children: XmlElement[]; text: string }

/**
 * The part of XML 1.0 that services exchange: elements, attributes, text, the five entities and character references. Document types,
 * comments, CDATA, processing instructions, prefixed elements and text beside elements are refused, for readers differ on them.
 */
export function parseXml(bytes: Bytes, limits: XmlLimits = defaultLimits): Xml | Unread {
  const read = strictText(bytes);
  if (read.kind === 'unreadable') return read;
  const { text } = read;
  const path: Open[] = [];
  let root: XmlElement | null = null;
  let count = 0;
  let at = declaration.exec(text)?.[0].length ?? 0;
  const fail = (why: string): Unread => unreadable(`XML at character ${at}: ${why}`);
  while (at < text.length) {
    const next = text.indexOf('<', at);
    const plain = text.slice(at, next < 0 ? text.length : next);
    const inside = path.at(-1);
    if (inside !== undefined) inside.text += plain;
    else if (!isBlank(plain)) return fail('text outside the root element');
    if (next < 0) break;
    at = next;
    tag.lastIndex = at;
    const found = tag.exec(text);
    if (found === null) return fail('neither an element nor text that can be read in one way only');
    const [all, slash, name, given, empty] = found as unknown as readonly [string, string, string, string, string];
    if (slash === '/') {
      const open = path.pop();
      if (open === undefined || open.name !== name || given !== '' || empty === '/') return fail('an element is closed that is not open');
      const closed = closing(open);
      if (closed.kind === 'unreadable') return fail(closed.why);
      if (path.length > 0) path.at(-1)!.children.push(closed.element);
      else root = closed.element;
    } else {
      if (root !== null) return fail('a second root element');
      count += 1;
      if (count > limits.jsonKeys) return fail(`more than ${limits.jsonKeys} elements`);
      if (path.length >= limits.jsonDepth) return fail(`nested deeper than ${limits.jsonDepth}`);
      const attributes = attributesIn(given);
      if (attributes === null) return fail('attributes that cannot be read in one way only');
      const open: Open = { name, attributes, children: [], text: '' };
      if (empty !== '/') path.push(open);
      else if (path.length > 0) path.at(-1)!.children.push(open);
      else root = open;
    }
    at += all.length;
  }
  if (path.length > 0 || root === null) return fail('the root element is not closed');
  return { kind: 'xml', root };
}

function closing({ name, attributes, children, text }: Open): { readonly kind: 'element'; readonly element: XmlElement } | Unread {
  if (children.length > 0) return isBlank(text) ? { kind: 'element', element: { name, attributes, children, text: '' } } : unreadable('text beside elements');
  const plain = unescaped(text);
  return plain === null ? unreadable('a reference to no character') : { kind: 'element', element: { name, attributes, children, text: plain } };
}

function attributesIn(given: string): XmlElement['attributes'] | null {
  const found = [...given.matchAll(attribute)].map(([, name, double, single]) => [name!, unescaped(double ?? single ?? '')] as const);
  if (new Set(found.map(([name]) => name)).size !== found.length) return null;
  return found.every((each): each is readonly [string, string] => each[1] !== null) ? found : null;
}

/** Null where it holds what is no reference to a character of XML 1.0, or a character that XML 1.0 cannot hold. */
function unescaped(text: string): string | null {
  let sound = true;
  const plain = text.replaceAll(/\r\n?/g, '\n').replaceAll(/&(?:#x([0-9A-Fa-f]{1,6});|#([0-9]{1,7});|([a-z]+);)?/g, (_all, hex: string | undefined, decimal: string | undefined, name: string | undefined) => {
    const code = hex !== undefined ? Number.parseInt(hex, 16) : decimal !== undefined ? Number(decimal) : null;
    const character = code === null ? (Object.hasOwn(entities, name ?? '') ? entities[name!]! : null) : code <= 0x10ffff ? String.fromCodePoint(code) : null;
    sound &&= character !== null;
    return character ?? '';
  });
  return sound && plain.isWellFormed() && !/(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/u.test(plain.replaceAll(/[\u007f-\u009f]/g, '')) ? plain : null;
}

function isBlank(text: string): boolean {
  return /^[ \t\r\n]*$/.test(text);
}

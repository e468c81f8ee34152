import type { HttpRequest } from '../../src/model/exchange.ts';
import { parsed, shapeOf, withBody, withJson } from './call-shape.ts';

/** A whole mail inside a call: where, its text (latin1), and the call with another one in its place. */
export interface MailInside {
  readonly where: string;
  readonly mail: string;
  put(mail: string): HttpRequest;
}

/** Raw MIME as vendors take it: the body itself, a part, a field; as it is or in base64. */
export function mailsInside(request: HttpRequest): readonly MailInside[] {
  const shape = shapeOf(request);
  switch (shape.kind) {
    case 'text': return found('the body', shape.text, (text) => withBody(request, text));
    case 'xml': return [];
    case 'json': return stringsOf(shape.value, []).flatMap(({ path, text }) => found(path.join('.'), text, (changed) => withJson(request, replaced(shape.value, path, changed))));
    case 'form': return [...new URLSearchParams(Buffer.from(shape.text, 'latin1').toString('utf8'))].flatMap(([name, value], at, all) => {
      const put = (changed: string): HttpRequest => withBody(request, new URLSearchParams(all.map((field, index): [string, string] => index === at ? [name, changed] : field)).toString());
      return [...found(name, value, put), ...mailsInJson(name, value, put)];
    });
    case 'multipart': return shape.pieces.slice(1, -1).flatMap((piece, at) => {
      const blank = piece.indexOf('\r\n\r\n') + 4;
      return found(`part ${at + 1}`, piece.slice(blank, -2), (text) => withBody(request, shape.pieces.map((each, index) => index === at + 1 ? `${piece.slice(0, blank)}${text}\r\n` : each).join(shape.delimiter)));
    });
  }
}

/** Its header fields doubled, each time with its own value and with somebody else's. */
export function doubledFields({ mail, put }: MailInside): readonly { readonly what: string; readonly request: HttpRequest }[] {
  const { fields, body, eol } = cut(mail);
  return fields.flatMap((field, at) => [field, `${field.split(':')[0]}: other@example.test`].flatMap((again) => [
    { what: `mail field ${field.slice(0, 40)} again as ${again.slice(0, 40)}`, request: put([...fields.slice(0, at + 1), again, ...fields.slice(at + 1)].join(eol) + body) },
    { what: `mail field ${field.slice(0, 40)} before as ${again.slice(0, 40)}`, request: put([again, ...fields].join(eol) + body) },
  ]));
}

export function reversedFields({ mail, put }: MailInside): { readonly what: string; readonly request: HttpRequest } {
  const { fields, body, eol } = cut(mail);
  return { what: 'mail fields reversed', request: put(fields.toReversed().join(eol) + body) };
}

/** A field with the lines folded to it is one. */
function cut(mail: string): { readonly fields: readonly string[]; readonly body: string; readonly eol: string } {
  const eol = mail.includes('\r\n') ? '\r\n' : '\n';
  const blank = mail.indexOf(eol + eol);
  const head = blank < 0 ? mail.trimEnd() : mail.slice(0, blank);
  return { fields: head.split(new RegExp(`${eol}(?![ \\t])`)), body: blank < 0 ? eol : mail.slice(blank), eol };
}

const looksLikeMail = (text: string): boolean => /^(?:[A-Za-z][A-Za-z-]*:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)+\r?\n/.test(text) && /^(?:to|from):/im.test(text);

function found(where: string, text: string, put: (text: string) => HttpRequest): readonly MailInside[] {
  if (looksLikeMail(text)) return [{ where, mail: text, put }];
  const bare = text.replaceAll(/\s/g, '');
  for (const coding of ['base64', 'base64url'] as const) {
    const mail = Buffer.from(bare, coding).toString('latin1');
    if (looksLikeMail(mail) && Buffer.from(mail, 'latin1').toString(coding).replaceAll('=', '') === bare.replaceAll('=', '')) {
      return [{ where: `${where} (${coding})`, mail, put: (changed) => put(Buffer.from(changed, 'latin1').toString(coding)) }];
    }
  }
  return [];
}

function mailsInJson(name: string, value: string, put: (text: string) => HttpRequest): readonly MailInside[] {
  const inner = parsed(value);
  return stringsOf(inner, []).flatMap(({ path, text }) => path.length === 0 ? [] : found(`${name}.${path.join('.')}`, text, (changed) => put(JSON.stringify(replaced(inner, path, changed)))));
}

function stringsOf(value: unknown, path: readonly string[]): readonly { readonly path: readonly string[]; readonly text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  return typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([name, each]) => stringsOf(each, [...path, name])) : [];
}

function replaced(value: unknown, [step, ...rest]: readonly string[], by: string): unknown {
  if (step === undefined) return by;
  if (Array.isArray(value)) return value.map((each: unknown, index) => String(index) === step ? replaced(each, rest, by) : each);
  const object = value as Readonly<Record<string, unknown>>;
  return { ...object, [step]: replaced(object[step], rest, by) };
}

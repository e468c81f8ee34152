import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/model/exchange.ts';
import type { Decoded } from '../../src/model/side-effect.ts';
import { gmail } from '../../src/providers/gmail/index.ts';
import { parseHttpFile } from '../support/http-file.ts';
import { memory } from '../support/simulation-context.ts';

const raw = (mail: string): string => Buffer.from(mail).toString('base64url');
const mail = raw('To: ann@example.test\r\nBcc: bob@example.test\r\nSubject: Order 42\r\n\r\nThank you');

function post(path: string, body: unknown, host = 'gmail.googleapis.com'): HttpRequest {
  return parseHttpFile(Buffer.from(`POST ${path} HTTP/1.1\nHost: ${host}\nContent-Type: application/json\n\n${JSON.stringify(body)}`));
}
const users = '/gmail/v1/users/me';

const reached = (decoded: Decoded): readonly string[] =>
  decoded.kind === 'effects' ? decoded.effects.flatMap(({ recipients }) => recipients).map(({ role, address }) => `${role} ${address}`) : [decoded.kind];

async function withDraft(message: unknown): Promise<{ readonly id: string; recalled(body: unknown): Promise<Decoded>; send(body: unknown): Promise<number> }> {
  const kept = memory();
  const create = post(`${users}/drafts`, { message });
  const { reply, remember = [] } = await gmail.simulate(create, gmail.decode(create), kept.context());
  kept.keep(remember);
  return {
    id: (JSON.parse(Buffer.from(reply.body).toString()) as { id: string }).id,
    recalled: (body) => { const send = post(`${users}/drafts/send`, body); return gmail.recalled(send, gmail.decode(send), kept.context({ call: 2 })); },
    send: async (body) => { const send = post(`${users}/drafts/send`, body); return (await gmail.simulate(send, gmail.decode(send), kept.context({ call: 2 }))).reply.status; },
  };
}

describe('whom sending a draft reaches', () => {
  it('everybody a remembered draft names', async () => {
    const { id, recalled, send } = await withDraft({ raw: mail });
    const sent = await recalled({ id });
    expect(reached(sent)).toEqual(['to ann@example.test', 'bcc bob@example.test']);
    expect(sent).toMatchObject({ effects: [{ operation: 'drafts.send', subject: 'Order 42', text: 'Thank you' }] });
    expect(await send({ id })).toBe(200);
  });

  it('those of the draft and those it is given anew', async () => {
    const { id, recalled } = await withDraft({ raw: mail });
    expect(reached(await recalled({ id, message: { raw: raw('To: cleo@example.test, ann@example.test\r\n\r\n') } }))).toEqual(['to cleo@example.test', 'to ann@example.test', 'bcc bob@example.test']);
  });

  it.each([
    ['that is not remembered', { raw: mail }, 'r404'],
    ['that names nobody', { raw: raw('Subject: x\r\n\r\n') }, null],
    ['that is empty', {}, null],
  ])('somebody unknown for a draft %s', async (_what, message, other) => {
    const { id, recalled } = await withDraft(message);
    expect(reached(await recalled({ id: other ?? id }))).toEqual([`audience whoever draft ${other ?? id} is addressed to`]);
  });

  it.each([['that is not remembered', 'r404', 404], ['that names nobody', null, 400]])('and is refused in Gmail’s words for one %s', async (_what, other, status) => {
    const { id, send } = await withDraft({ raw: raw('Subject: x\r\n\r\n') });
    expect(await send({ id: other ?? id })).toBe(status);
  });
});

describe('what is not read as a mail', () => {
  const whyOf = (request: HttpRequest): string => { const decoded = gmail.decode(request); return decoded.kind === 'unrecognized' ? decoded.why : decoded.kind; };
  const upload = (type: string, body: string, query = 'uploadType=multipart'): HttpRequest =>
    parseHttpFile(Buffer.from(`POST /upload/gmail/v1/users/me/messages/send?${query} HTTP/1.1\nHost: gmail.googleapis.com\nContent-Type: ${type}\n\n${body}`));
  const part = (type: string, body: string): string => `--b\r\nContent-Type: ${type}\r\n\r\n${body}\r\n`;
  const letter = part('message/rfc822', 'To: ann@example.test\r\n\r\nhi');

  it('reads two parts', () => expect(whyOf(upload('multipart/related; boundary=b', `${part('application/json', '{}')}${letter}--b--`))).toBe('effects'));

  it.each<[string, HttpRequest, string]>([
    ['one part', upload('multipart/related; boundary=b', `${letter}--b--`), 'not of two parts'],
    ['three parts', upload('multipart/related; boundary=b', `${part('application/json', '{}')}${letter}${letter}--b--`), 'not of two parts'],
    ['parts in another order', upload('multipart/related; boundary=b', `${letter}${part('application/json', '{}')}--b--`), 'not application/json'],
    ['parts without an end', upload('multipart/related; boundary=b', `${part('application/json', '{}')}${letter}`), 'not cut by its boundary'],
    ['a mail twice', upload('multipart/related; boundary=b', `${part('application/json', JSON.stringify({ raw: mail }))}${letter}--b--`), 'given twice'],
    ['JSON with a key twice', upload('multipart/related; boundary=b', `${part('application/json', '{"id":1,"id":2}')}${letter}--b--`), 'twice'],
    ['two upload types', upload('message/rfc822', 'To: ann@example.test\r\n\r\nhi', 'uploadType=media&uploadType=multipart'), 'exactly once'],
    ['an option nobody knows', upload('message/rfc822', 'To: ann@example.test\r\n\r\nhi', 'uploadType=media&$httpMethod=PUT'), 'not simulated'],
    ['an upload type on a call that is none', post(`${users}/messages/send?uploadType=media`, { raw: mail }), 'no upload'],
    ['an option that could be anything', post(`${users}/messages/send?to=bob`, { raw: mail }), "query option 'to' is not known"],
    ['a raw that is no base64', post(`${users}/messages/send`, { raw: `${mail}***` }), 'not the base64url'],
    ['a raw of one letter too many', post(`${users}/messages/send`, { raw: 'VG86IGFubkBleGFtcGxlLnRlc3QNCg0Ka' }), 'not the base64url'],
    ['an upload that is no mail', upload('text/plain', 'To: ann@example.test\r\n\r\nhi', 'uploadType=media'), 'not message/rfc822'],
    ['an upload of what takes none', { ...post('/upload/gmail/v1/users/me/profile', {}), method: 'GET', body: Buffer.alloc(0), headers: [] }, 'is not simulated'],
    ['a draft to send without its id', post(`${users}/drafts/send`, {}), 'neither the id of a draft'],
    ['another spelling of raw', post(`${users}/messages/send`, { raw: mail, Raw: mail }), 'as Gmail spells it'],
    ['another method', { ...post(`${users}/messages/send`, { raw: mail }), headers: [...post('/', {}).headers, ['X-HTTP-Method-Override', 'PUT']] }, 'another method'],
    ['a read with a body', { ...post(`${users}/profile`, {}), method: 'GET' }, 'carries a body'],
    ['a user of dots', post('/gmail/v1/users/../messages/send', { raw: mail }), 'is not simulated'],
    ['a path with two slashes', post('/gmail/v1/users/me//messages/send', { raw: mail }), 'is not simulated'],
    ['the token endpoint on another host', post('/oauth2/v4/token', {}), 'is not simulated'],
  ])('%s', (_what, request, why) => expect(whyOf(request)).toContain(why));
});

it('keeps of a large mail that was sent only its header', async () => {
  const send = post(`${users}/messages/send`, { raw: raw(`To: ann@example.test\r\nSubject: Order 42\r\n\r\n${'a'.repeat(1024 * 1024)}`) });
  const { remember = [] } = await gmail.simulate(send, gmail.decode(send), memory().context());
  expect(Buffer.from((remember[0]!.value as { raw: string }).raw, 'base64url').toString()).toBe('To: ann@example.test\r\nSubject: Order 42\r\n\r\n');
});

it('counts whom an unknown field beside the mail names', () => {
  expect(reached(gmail.decode(post(`${users}/drafts/send`, { id: 'r1', alsoTo: 'cleo@example.test' })))).toEqual(['audience whoever draft r1 is addressed to', 'alsoTo cleo@example.test']);
  expect(reached(gmail.decode(post(`${users}/messages/send`, { raw: mail, threadId: 'x@example.test', alsoTo: ['cleo@example.test'] })))).toEqual(['to ann@example.test', 'bcc bob@example.test', 'alsoTo/0 cleo@example.test']);
});

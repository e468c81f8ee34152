import { describe, expect, it } from 'vitest';
import { slack } from '../../src/providers/slack/index.ts';
import { parseHttpFile } from '../support/http-file.ts';
import { memory } from '../support/simulation-context.ts';
import type { HttpRequest } from '../../src/model/exchange.ts';

const form = 'application/x-www-form-urlencoded';
const json = 'application/json';
const call = (line: string, body = '', type = form, host = 'slack.com', more = 'Accept: */*'): HttpRequest => parseHttpFile(Buffer.from(`${line} HTTP/1.1\nHost: ${host}\nContent-Type: ${type}\n${more}\n\n${body}`));
const post = 'POST /api/chat.postMessage';
const reached = (request: HttpRequest): readonly string[] => {
  const decoded = slack.decode(request);
  return decoded.kind === 'effects' ? decoded.effects.flatMap(({ recipients }) => recipients.map(({ kind, role, address }) => `${kind} ${role} ${address}`)) : [decoded.kind];
};

describe('what cannot be told for sure is not recognised:', () => {
  it.each<[string, HttpRequest]>([
    ['a message to nobody', call(post, 'text=hi')],
    ['a channel that is a list', call(post, '{"channel":["C1","C2"],"text":"hi"}', json)],
    ['a channel given twice', call(post, 'channel=C1&channel=C2&text=hi')],
    ['a second spelling of the channel', call(post, 'channel=C1&Channel=C2&text=hi')],
    ['blocks that are no JSON', call(post, 'channel=C1&blocks=%5B%7B')],
    ['arguments in query and body', call(`${post}?channel=C2`, 'channel=C1&text=hi')],
    ['a GET with a body', call('GET /api/chat.postMessage?channel=C1&text=x', 'channel=C2')],
    ['another method', call('PUT /api/chat.postMessage', 'channel=C1&text=hi')],
    ['a header that asks for another method', call(post, 'channel=C1&text=hi', form, 'slack.com', 'X-HTTP-Method-Override: GET')],
    ['a method in capitals', call('POST /api/Chat.PostMessage', 'channel=C1&text=hi')],
    ['a slash behind the method', call('POST /api/chat.postMessage/', 'channel=C1&text=hi')],
    ['an escaped letter', call('POST /api/chat%2EpostMessage', 'channel=C1&text=hi')],
    ['the API under another path', call('POST /v2/api/chat.postMessage', 'channel=C1&text=hi')],
    ['an invitation', call('POST /api/conversations.invite', 'channel=C1&users=U1')],
    ['an ephemeral message for nobody', call('POST /api/chat.postEphemeral', 'channel=C1&text=hi')],
    ['files that are no list', call('POST /api/files.completeUploadExternal', '{"files":"x","channel_id":"C1"}', json)],
    ['a file id with a path', call('POST /api/files.completeUploadExternal', '{"files":[{"id":"../x"}],"channel_id":"C1"}', json)],
    ['an upload of two files', call('POST /upload/v1/abcd', '--b\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\nx\r\n--b\r\nContent-Disposition: form-data; name="b"; filename="b"\r\n\r\ny\r\n--b--\r\n', 'multipart/form-data; boundary=b', 'files.slack.com')],
    ['an upload of parts that are said to be none', call('POST /upload/v1/abcd', '--b\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\nx\r\n--b--\r\n', 'application/octet-stream', 'files.slack.com')],
    ['a download', call('GET /files-pri/T0-F0/a.txt', '', form, 'files.slack.com')],
    ['a webhook with a query', call('POST /services/T0/B0/abc?x=1', '{"text":"hi"}', json, 'hooks.slack.com')],
    ['a webhook without its secret', call('POST /services/T0/B0/', '{"text":"hi"}', json, 'hooks.slack.com')],
    ['a webhook whose channel is a list', call('POST /services/T0/B0/abc', '{"text":"hi","channel":["C1"]}', json, 'hooks.slack.com')],
    ['a second spelling of its channel', call('POST /services/T0/B0/abc', '{"text":"hi","Channel":"C1"}', json, 'hooks.slack.com')],
    ['a form with more than the payload', call('POST /services/T0/B0/abc', 'payload=%7B%22text%22%3A%22x%22%7D&channel=C1', form, 'hooks.slack.com')],
    ['a webhook on the API host', call('POST /services/T0/B0/abc', '{"text":"hi"}', json)],
    ['the API on the webhook host', call(post, 'channel=C1&text=hi', form, 'hooks.slack.com')],
  ])('%s', (_what, request) => {
    expect(slack.decode(request)).toMatchObject({ kind: 'unrecognized', why: expect.stringMatching(/^Slack /) });
  });
});

it.each<[string, string, readonly string[]]>([
  ['by id', '<@U1AB> and <@W2CD|ann>', ['chat mention U1AB', 'chat mention W2CD']],
  ['as everybody, in every spelling', '<!here> <!channel|channel> @everyone', ['audience mention @here', 'audience mention @channel', 'audience mention @everyone']],
  ['as a group', '<!subteam^S1|@shop>', ['audience mention user group S1']],
  ['not by an address, a link or a date', 'ann@here.example.test <#C2> <!date^1392734382^{date}|x> <https://example.test/@channels>', []],
  ['not by a bare name, which Slack leaves a name', '@ann', []],
])('finds whom a text calls %s', (_what, text, mentioned) => {
  expect(reached(call(post, JSON.stringify({ channel: 'C1', text }), json)).slice(1)).toEqual(mentioned);
  expect(reached(call('POST /services/T0/B0/abc', JSON.stringify({ attachments: [{ pretext: text }] }), json, 'hooks.slack.com')).slice(1)).toEqual(mentioned);
});

it('takes a bare name for a person where the message asks for that', () => {
  expect(reached(call(post, 'channel=C1&text=%40ann.b&parse=full'))).toEqual(['chat channel C1', 'chat mention @ann.b']);
  expect(reached(call('POST /services/T0/B0/abc', '{"text":"@ann","link_names":1}', json, 'hooks.slack.com'))).toContain('chat mention @ann');
});

it('reads a raw upload, and gives it to the account whose address it was', () => {
  const request = call(`POST /upload/v1/${'a'.repeat(32)}${'B'.repeat(20)}`, 'hello', 'text/plain', 'files.slack.com');
  expect(slack.decode(request)).toMatchObject({ effects: [{ operation: 'files.upload', attachments: [{ filename: null, content: Buffer.from('hello') }] }] });
  expect(slack.account(request)).toBe('a'.repeat(32));
});

it('knows one account by its token, in the header or in the arguments, and never by the token itself', () => {
  const token = ['xoxb', 'a'.repeat(12)].join('-');
  const accounts = [call(post, 'channel=C1', form, 'slack.com', `Authorization: Bearer ${token}`), call(post, `channel=C1&token=${token}`), call(post, JSON.stringify({ channel: 'C1', token }), json)].map((request) => slack.account(request));
  expect(new Set(accounts).size).toBe(1);
  expect(accounts[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(slack.account(call(post, 'channel=C1'))).toBeNull();
});

it('gives out an address for a file that belongs to whoever asked, token or not', async () => {
  const asked = call('POST /api/files.getUploadURLExternal', 'filename=a.txt&length=5', form, 'slack.com', 'Authorization: Bearer a-token-of-a-test');
  const { reply } = await slack.simulate(asked, slack.decode(asked), memory().context());
  const { upload_url: url } = JSON.parse(Buffer.from(reply.body).toString()) as { upload_url: string };
  expect(slack.account(call(`POST ${new URL(url).pathname}`, 'hello', 'text/plain', 'files.slack.com'))).toBe(slack.account(asked));
});

it('gives two messages of one millisecond two times', async () => {
  const kept = memory();
  const times = new Set<string>();
  const request = call(post, 'channel=C1&text=hi', form, 'slack.com', 'Authorization: Bearer a-token-of-a-test');
  for (let count = 1; count <= 100; count += 1) {
    // the first ten have the same identifiers, as if chance had it so
    const { reply, remember } = await slack.simulate(request, slack.decode(request), kept.context({ call: Math.max(count, 10) }));
    kept.keep(remember ?? []);
    times.add((JSON.parse(Buffer.from(reply.body).toString()) as { ts: string }).ts);
  }
  expect(times.size).toBe(100);
});

import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/model/exchange.ts';
import { discord } from '../../src/providers/discord/index.ts';
import { parseHttpFile } from '../support/http-file.ts';
import { memory } from '../support/simulation-context.ts';

const json = 'application/json';
const call = (line: string, body = '', type = json, more = 'Authorization: Bot a.b.c'): HttpRequest => parseHttpFile(Buffer.from(`${line} HTTP/1.1\nHost: discord.com\nContent-Type: ${type}\n${more}\n\n${body}`));
const hook = 'POST /api/v10/webhooks/1/secret';
const post = 'POST /api/v10/channels/1/messages';
const parts = (...fields: readonly string[]): string => `${fields.map((field) => `--b\r\nContent-Disposition: form-data; ${field}\r\n`).join('')}--b--\r\n`;
const payload = 'name="payload_json"\r\n\r\n{"content":"hi"}';
const multipart = 'multipart/form-data; boundary=b';

describe('what cannot be told for sure is not recognised:', () => {
  it.each<[string, HttpRequest]>([
    ['a query that is not known', call(`${hook}?channel_id=2`, '{"content":"hi"}')],
    ['a thread given twice', call(`${hook}?thread_id=2&thread_id=3`, '{"content":"hi"}')],
    ['a query of a bot', call(`${post}?thread_id=2`, '{"content":"hi"}')],
    ['a list', call(hook, '[{"content":"hi"}]')],
    ['a content that is a list', call(hook, '{"content":["hi"]}')],
    ['a second spelling', call(hook, '{"content":"hi","Content":"@everyone"}')],
    ['a form', call(hook, 'content=hi', 'application/x-www-form-urlencoded')],
    ['a body without a type', call(hook, '{"content":"hi"}', 'text/plain')],
    ['parts of one name', call(hook, parts(payload, payload), multipart)],
    ['fields beside payload_json', call(hook, parts(payload, 'name="content"\r\n\r\n@everyone'), multipart)],
    ['a part that no message has', call(hook, parts('name="embeds"\r\n\r\n[]'), multipart)],
    ['a file of another name', call(hook, parts(payload, 'name="upload"; filename="a"\r\n\r\nx'), multipart)],
    ['payload_json that is a file', call(hook, parts('name="payload_json"; filename="a"\r\n\r\n{"content":"hi"}'), multipart)],
    ['a header that asks for another method', call(hook, '{"content":"hi"}', json, 'X-HTTP-Method-Override: GET')],
    ['a channel that is no id', call('POST /api/v10/channels/abc/messages', '{"content":"hi"}')],
    ['an escaped id', call('POST /api/v10/channels/%31/messages', '{"content":"hi"}')],
    ['a double slash', call('POST /api/v10/channels/1//messages', '{"content":"hi"}')],
    ['another base', call('POST /channels/1/messages', '{"content":"hi"}')],
    ['a webhook that is to be deleted', call('DELETE /api/v10/webhooks/1/secret')],
    ['an answer to an interaction', call('POST /api/v10/interactions/1/secret/callback', '{"type":4}')],
    ['a message for the followers of a channel', call('POST /api/v10/channels/1/messages/2/crosspost')],
    ['messages that are to be deleted in bulk', call('POST /api/v10/channels/1/messages/bulk-delete', '{"messages":["1"]}')],
    ['a delete with a body', call('DELETE /api/v10/channels/1/messages/2', '{}')],
    ['a conversation with a group', call('POST /api/v10/users/@me/channels', '{"access_tokens":["a"]}')],
    ['a conversation with a person and more', call('POST /api/v10/users/@me/channels', '{"recipient_id":"7","nicks":{"8":"x"}}')],
    ['a conversation with a number', call('POST /api/v10/users/@me/channels', '{"recipient_id":80351110224678912}')],
  ])('%s', (_what, request) => {
    expect(discord.decode(request)).toMatchObject({ kind: 'unrecognized', why: expect.stringMatching(/^Discord (?!.*secret)/) });
  });
});

it.each<[string, string, readonly string[]]>([
  ['by id', '<@1> and <@!2>', ['chat 1', 'chat 2']],
  ['as a role', '<@&3>', ['audience role 3']],
  ['as everybody', '@everyone,@here', ['audience @everyone', 'audience @here']],
  ['not by a channel, an emoji or a bare name', '<#1> <:x:2> @ann', []],
])('finds whom a text calls %s, in content, embeds and components', (_what, text, mentioned) => {
  for (const body of [{ content: text }, { embeds: [{ fields: [{ name: 'x', value: text }] }] }, { components: [{ type: 17, components: [{ type: 10, content: text }] }] }]) {
    const decoded = discord.decode(call(post, JSON.stringify(body)));
    expect(decoded.kind === 'effects' && decoded.effects[0]!.recipients.slice(1).map(({ kind, address }) => `${kind} ${address}`)).toEqual(mentioned);
  }
});

it('tells who reads direct messages that were opened before', async () => {
  const kept = memory();
  const open = call('POST /api/v10/users/@me/channels', '{"recipient_id":"7"}');
  const { reply, remember } = await discord.simulate(open, discord.decode(open), kept.context());
  kept.keep(remember ?? []);
  const { id } = JSON.parse(Buffer.from(reply.body).toString()) as { id: string };
  const write = call(`POST /api/v10/channels/${id}/messages`, '{"content":"hi"}');
  expect(await discord.recalled(write, discord.decode(write), kept.context())).toMatchObject({ effects: [{ recipients: [{ address: id, role: 'channel' }, { address: '7', role: 'user' }] }] });
});

it('answers a webhook without wait with nothing', async () => {
  const request = call(hook, '{"content":"hi"}', json, 'Accept: */*');
  expect((await discord.simulate(request, discord.decode(request), memory().context())).reply.status).toBe(204);
});

it('does not tell one webhook the messages of another', async () => {
  const kept = memory();
  const request = call(`${hook}?wait=true`, '{"content":"hi"}');
  const made = await discord.simulate(request, discord.decode(request), kept.context());
  kept.keep(made.remember ?? []);
  const { id } = JSON.parse(Buffer.from(made.reply.body).toString()) as { id: string };
  const read = async (of: string): Promise<number> => {
    const asked = call(`GET /api/v10/webhooks/${of}/secret/messages/${id}`);
    return (await discord.simulate(asked, discord.decode(asked), kept.context())).reply.status;
  };
  expect([await read('1'), await read('2')]).toEqual([200, 404]);
});

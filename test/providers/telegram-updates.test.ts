import { describe, expect, it } from 'vitest';
import type { CaptureDraft } from '../../src/model/capture.ts';
import type { HttpRequest } from '../../src/model/exchange.ts';
import { telegram } from '../../src/providers/telegram/index.ts';
import { redact, redactValue } from '../../src/store/redaction.ts';
import { memory } from '../support/simulation-context.ts';

const secretPart = 'A'.repeat(10) + 'b'.repeat(25);

function call(method: string, body: object, token = '123456:FAKE'): HttpRequest {
  const bytes = Buffer.from(JSON.stringify(body));
  return {
    kind: 'http', method: 'POST', scheme: 'https', authority: { host: 'api.telegram.org', port: 443 }, path: `/bot${token}/${method}`, query: null, version: '1.1',
    headers: [['Content-Type', 'application/json']], trailers: [], body: bytes,
  };
}

const buttons = { inline_keyboard: [[{ text: 'Site', url: 'https://example.test' }], [{ text: 'Yes', callback_data: 'yes:1001' }]] };

async function happened(name: string, { kept = memory(), detail = null as string | null, recipient = null as string | null, body = { chat_id: 42, text: 'Ready?', reply_markup: buttons } as object } = {}): Promise<readonly { target: string; body: unknown }[]> {
  const request = call('sendMessage', body);
  const decoded = telegram.decode(request);
  const { reply } = await telegram.simulate(request, decoded, kept.context());
  const { callbacks = [] } = await telegram.later({ name, recipient, detail }, { request, decoded, reply }, kept.context({ call: 2 }));
  return callbacks.map(({ target, body: text }) => ({ target, body: JSON.parse(text) as unknown }));
}

describe("telegram's updates", () => {
  it('are an answer in the chat the message went to', async () => {
    expect(await happened('message', { detail: 'Not yet' })).toMatchObject([{ target: 'telegram', body: { message: { text: 'Not yet', chat: { id: 42, type: 'private' }, from: { id: 42, is_bot: false }, reply_to_message: { text: 'Ready?' } } } }]);
  });

  it('are a press of the first button that tells the bot', async () => {
    expect(await happened('callback_query')).toMatchObject([{ body: { callback_query: { data: 'yes:1001', message: { text: 'Ready?' } } } }]);
    expect(await happened('callback_query', { body: { chat_id: 42, text: 'No buttons' } })).toEqual([]);
  });

  it('are a bot that is blocked', async () => {
    expect(await happened('my_chat_member')).toMatchObject([{ body: { my_chat_member: { new_chat_member: { status: 'kicked', user: { id: 123456 } } } } }]);
  });

  it('go to the webhook that the bot has set, and only about a chat that the message went to', async () => {
    const kept = memory();
    const request = call('setWebhook', { url: 'https://bot.example.test/hook', secret_token: 'hidden' });
    const { remember } = await telegram.simulate(request, telegram.decode(request), kept.context());
    expect(JSON.stringify(remember)).not.toContain('hidden');
    kept.keep(remember!);
    expect(await happened('message', { kept })).toMatchObject([{ target: 'https://bot.example.test/hook' }]);
    expect(await happened('message', { recipient: '43' })).toEqual([]);
  });

  it('go to the target of the name telegram where the address held the token, which is not kept', async () => {
    const kept = memory();
    const request = call('setWebhook', { url: `https://bot.example.test/123456789:${secretPart}` });
    const { remember = [] } = await telegram.simulate(request, telegram.decode(request), kept.context());
    kept.keep(remember.map((each) => ({ ...each, value: redactValue(each.value) })));
    expect(await happened('message', { kept })).toMatchObject([{ target: 'telegram' }]);
  });

  it('carry the secret of the webhook in a header, and refuse one that Telegram would', () => {
    const delivery = { method: 'POST', url: 'https://a.test/', headers: [], contentType: 'application/json', body: '{}' };
    expect(telegram.sign(delivery, 'a_Secret-1').headers).toEqual([['X-Telegram-Bot-Api-Secret-Token', 'a_Secret-1']]);
    expect(() => telegram.sign(delivery, 'no blanks')).toThrow('1 to 256 characters');
  });
});

describe("telegram's token", () => {
  const request = call('sendMessage', { chat_id: 42, text: 'hi' }, `123456789:${secretPart}`);

  it('is cut out of the stored path, and the call still tells whose bot it is', () => {
    const draft = { request, reply: null, decoded: telegram.decode(request), decision: {}, keys: [], identities: [], findings: [], redactions: [] } as unknown as CaptureDraft;
    const stored = redact(draft, Buffer.alloc(32));
    expect(JSON.stringify({ ...stored.request, body: null })).not.toContain(secretPart);
    expect(stored.request).toMatchObject({ path: `/bot123456789:${'*'.repeat(35)}/sendMessage` });
    expect(telegram.decode(stored.request as HttpRequest)).toEqual(telegram.decode(request));
  });

  it('is not the account: the number of the bot is, the test environment apart', () => {
    expect(telegram.account(request)).toBe('123456789');
    expect(telegram.account({ ...request, path: '/bot123456789:x/test/getMe' })).toBe('123456789 test');
    expect(telegram.account({ ...request, path: '/' })).toBeNull();
  });

  it('stays out of what is said of a call that is not understood', () => {
    for (const path of [`/bot123456789:${secretPart}`, `/bot123456789:${secretPart}/nothing`, `/bot123456789:${secretPart}/sendMessage/x`, `/file/bot123456789:${secretPart}/a.jpg`]) {
      const decoded = telegram.decode({ ...request, path });
      expect(decoded.kind).toBe('unrecognized');
      expect(JSON.stringify(decoded)).not.toContain(secretPart);
    }
  });
});

describe("telegram's recipients", () => {
  it.each([
    ['a number that loses digits', { chat_id: 2 ** 60, text: 'hi' }], ['a fraction', { chat_id: 1.5, text: 'hi' }], ['a list', { chat_id: [1, 2], text: 'hi' }],
    ['nobody', { chat_id: '', text: 'hi' }], ['blanks', { chat_id: '  ', text: 'hi' }], ['an ephemeral message to nobody', { chat_id: 1, text: 'hi', ephemeral_message_parameters: {} }], ['an ephemeral message to a number that loses digits', { chat_id: 1, text: 'hi', ephemeral_message_parameters: { receiver_user_id: 2 ** 60 } }],
    ['a parameter about people that nobody knows', { chat_id: 1, text: 'hi', notify_users: '2' }], ['another spelling', { chat_id: 1, chat_ID: 2, text: 'hi' }],
  ])('are not guessed where there is %s', (_what, body) => {
    expect(telegram.decode(call('sendMessage', body)).kind).toBe('unrecognized');
  });

  it.each(['1e3', '1000.0', '0.1e4'])('are not guessed where a number is written as %s', (number) => {
    const request = call('sendMessage', {});
    const body = (digits: string): string => telegram.decode({ ...request, body: Buffer.from(`{"text":"hi","chat_id":${digits}}`) }).kind;
    expect([body(number), body('1000'), body('-1000')]).toEqual(['unrecognized', 'effects', 'effects']);
  });

  it('are not guessed where a GET has a body', () => {
    const request = call('sendMessage', { chat_id: 2, text: 'hi' });
    for (const query of ['chat_id=1&text=hi', null]) expect(telegram.decode({ ...request, method: 'GET', query, headers: [['Content-Type', 'application/json'], ['Content-Length', String(request.body.length)]] }).kind).toBe('unrecognized');
  });
});

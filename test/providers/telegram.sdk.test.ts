import { Bot, GrammyError, InputFile } from 'grammy';
import { Api, InputFile as ApiFile, TelegramApiError } from 'node-telegram-bot-api';
import { Telegraf, TelegramError } from 'telegraf';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { telegram } from '../../src/providers/telegram/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

/** Like a token, but too short to be one. */
const token = '123456:test-token';

/** What the three libraries have in common: send, and what of an error tells who said no. */
interface Library {
  readonly name: string;
  send(root: string, chat: number, text: string): Promise<{ readonly message_id: number; readonly text?: string }>;
  photo(root: string, chat: number): Promise<{ readonly message_id: number }>;
  readonly error: new (...parameters: never[]) => Error;
}

const picture = Buffer.from('not really a picture');

const libraries: readonly Library[] = [
  {
    name: 'grammy', error: GrammyError,
    send: (apiRoot, chat, text) => new Bot(token, { client: { apiRoot } }).api.sendMessage(chat, text, { reply_markup: { inline_keyboard: [[{ text: 'Yes', callback_data: 'yes' }]] } }),
    photo: (apiRoot, chat) => new Bot(token, { client: { apiRoot } }).api.sendPhoto(chat, new InputFile(picture, 'a.png'), { caption: 'Look' }),
  },
  {
    name: 'telegraf', error: TelegramError,
    send: (apiRoot, chat, text) => new Telegraf(token, { telegram: { apiRoot } }).telegram.sendMessage(chat, text),
    photo: (apiRoot, chat) => new Telegraf(token, { telegram: { apiRoot } }).telegram.sendPhoto(chat, { source: picture, filename: 'a.png' }, { caption: 'Look' }),
  },
  {
    name: 'node-telegram-bot-api', error: TelegramApiError,
    send: (apiRoot, chat, text) => new Api(token, { apiRoot }).sendMessage({ chat_id: chat, text }),
    photo: (apiRoot, chat) => new Api(token, { apiRoot }).sendPhoto({ chat_id: chat, photo: new ApiFile(picture, { filename: 'a.png' }), caption: 'Look' }),
  },
];

describe('telegram', () => {
  let vendor: VendorServer;
  let root: string;

  beforeAll(async () => {
    vendor = await serveVendor(telegram, 'api.telegram.org');
    root = `http://127.0.0.1:${vendor.port}`;
  });
  afterAll(() => vendor.close());
  afterEach(() => vendor.refuse(null));

  describe.each(libraries)('$name', ({ send, photo, error: type }) => {
    it('resolves with a message whose id is good for later calls', async () => {
      const sent = await send(root, 987654321, 'Order A-1001 has shipped');
      expect(sent).toMatchObject({ text: 'Order A-1001 has shipped', chat: { id: 987654321, type: 'private' }, from: { id: 123456, is_bot: true } });
      expect(Number.isSafeInteger(sent.message_id)).toBe(true);
      expect(vendor.calls.at(-1)!.decoded).toMatchObject({ kind: 'effects', effects: [{ operation: 'sendMessage', text: 'Order A-1001 has shipped', recipients: [{ address: '987654321', kind: 'chat', role: 'chat_id' }] }] });
      const edited = await new Bot(token, { client: { apiRoot: root } }).api.editMessageText(987654321, sent.message_id, 'It has arrived');
      expect(edited).toMatchObject({ message_id: sent.message_id, text: 'It has arrived', edit_date: expect.any(Number) });
    });

    it('uploads a picture, and the capture has it', async () => {
      expect(await photo(root, 42)).toMatchObject({ caption: 'Look', photo: [{ file_id: expect.any(String) }] });
      const { decoded } = vendor.calls.at(-1)!;
      expect(decoded).toMatchObject({ effects: [{ operation: 'sendPhoto', text: 'Look', recipients: [{ address: '42' }], attachments: [{ filename: 'a.png' }] }] });
      expect(decoded.kind === 'effects' && decoded.effects[0]!.channel === 'chat' && Buffer.from(decoded.effects[0]!.attachments[0]!.content).toString()).toBe('not really a picture');
    });

    it('rejects with its own error, holding rule and reason, after exactly one attempt', async () => {
      vendor.refuse({ rule: 'no-real-people', reason: 'a real person' });
      const before = vendor.calls.length;
      const error: unknown = await send(root, 1, 'hi').catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(type);
      expect((error as Error).message).toContain('no-real-people: a real person');
      expect(vendor.calls.length - before).toBe(1);
    });
  });

  it('tells a bot at its start who it is, keeps its webhook and its commands, and sends no updates while there is one', async () => {
    const { api } = new Bot(token, { client: { apiRoot: root } });
    expect(await api.getMe()).toMatchObject({ id: 123456, is_bot: true, username: expect.stringMatching(/bot$/) });
    expect(await api.getUpdates({ timeout: 0 })).toEqual([]);
    expect(await api.setMyCommands([{ command: 'start', description: 'Begin' }])).toBe(true);
    expect(await api.getMyCommands()).toEqual([{ command: 'start', description: 'Begin' }]);
    expect(await api.setWebhook('https://bot.example.test/telegram', { secret_token: 'not-to-be-kept' })).toBe(true);
    expect(await api.getWebhookInfo()).toMatchObject({ url: 'https://bot.example.test/telegram', pending_update_count: 0 });
    await expect(api.getUpdates()).rejects.toMatchObject({ error_code: 409 });
    expect(await api.deleteWebhook()).toBe(true);
    expect((await api.getWebhookInfo()).url).toBe('');
  });

  it('has a bot that would wait for updates come back later instead of at once', async () => {
    const { api } = new Bot(token, { client: { apiRoot: root } });
    await expect(api.getUpdates({ timeout: 30 })).rejects.toMatchObject({ error_code: 429, parameters: { retry_after: 30 } });
  });

  it('speaks to the test environment as grammy does', async () => {
    await new Bot(token, { client: { apiRoot: root, environment: 'test' } }).api.sendMessage('@ourchannel', 'hi');
    expect(vendor.calls.at(-1)).toMatchObject({ request: { path: `/bot${token}/test/sendMessage` }, decoded: { effects: [{ liveness: 'test', recipients: [{ address: '@ourchannel' }] }] } });
  });

  it("rejects with Telegram's own words on a text that is empty or too long", async () => {
    const { api } = new Bot(token, { client: { apiRoot: root } });
    await expect(api.sendMessage(1, ' ')).rejects.toMatchObject({ error_code: 400, description: 'Bad Request: message text is empty' });
    await expect(api.sendMessage(1, 'x'.repeat(4097))).rejects.toMatchObject({ error_code: 400, description: 'Bad Request: message is too long' });
  });

  it('answers an album with a message for each of its pictures, and several copies with several ids', async () => {
    const { api } = new Bot(token, { client: { apiRoot: root } });
    const album = await api.sendMediaGroup(42, [{ type: 'photo', media: new InputFile(picture, 'a.png'), caption: 'One' }, { type: 'video', media: 'https://example.test/b.mp4' }]);
    expect(album).toMatchObject([{ caption: 'One', photo: [{}] }, { video: {} }]);
    expect(album[1]!.message_id).toBe(album[0]!.message_id + 1);
    expect(await api.copyMessages(42, 43, [7, 8])).toHaveLength(2);
    expect(await api.deleteMessages(42, [7, 8])).toBe(true);
  });
});

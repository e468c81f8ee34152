import { REST, Routes, WebhookClient } from 'discord.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { discord } from '../../src/providers/discord/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

const refusal = { rule: 'no-real-people', reason: 'ann is a real person' };
const why = 'no-real-people: ann is a real person';

describe('discord.js', () => {
  let vendor: VendorServer;
  let hook: WebhookClient;
  let rest: REST;

  beforeAll(async () => {
    vendor = await serveVendor(discord, 'discord.com');
    const api = `http://127.0.0.1:${vendor.port}/api`;
    hook = new WebhookClient({ id: '100000000000000001', token: 'x'.repeat(68) }, { rest: { api } });
    rest = new REST({ api }).setToken('a-bot-of-a-test');
  });
  afterAll(() => vendor.close());
  afterEach(() => vendor.refuse(null));

  it('resolves with a message that is read back, changed and taken away by its id', async () => {
    const sent = await hook.send({ content: 'Order 42 for <@80351110224678912>', username: 'Shop', threadId: '120000000000000001' });
    expect(sent).toMatchObject({ id: expect.stringMatching(/^\d{19}$/), content: 'Order 42 for <@80351110224678912>', channel_id: '120000000000000001', webhook_id: '100000000000000001', author: { username: 'Shop', bot: true } });
    expect(vendor.calls.at(-1)?.decoded).toMatchObject({ effects: [{ from: 'Shop', recipients: [
      { address: 'webhooks/100000000000000001', kind: 'chat', role: 'webhook' }, { address: '120000000000000001', role: 'thread' }, { address: '80351110224678912', role: 'mention' }] }] });
    expect(await hook.fetchMessage(sent.id)).toEqual(sent);
    expect(await hook.editMessage(sent.id, 'paid')).toMatchObject({ id: sent.id, content: 'paid', edited_timestamp: expect.stringContaining('2026-11-21') });
    await hook.deleteMessage(sent.id);
    await expect(hook.fetchMessage(sent.id)).rejects.toMatchObject({ code: 10_008, status: 404 });
  });

  it('takes a file as a part, whose bytes are told', async () => {
    const sent = await hook.send({ content: 'Report', files: [{ attachment: Buffer.from('hello'), name: 'a.txt' }] });
    expect(sent.attachments).toMatchObject([{ filename: 'a.txt', size: 5 }]);
    expect(vendor.calls.at(-1)?.decoded).toMatchObject({ effects: [{ text: 'Report', attachments: [{ filename: 'a.txt', content: Buffer.from('hello') }] }] });
  });

  it('writes as a bot, to channels and to people', async () => {
    const dm = await rest.post(Routes.userChannels(), { body: { recipient_id: '80351110224678912' } }) as { id: string };
    const body = { content: 'Order 42', nonce: 'o-42', enforce_nonce: true };
    const sent = await rest.post(Routes.channelMessages(dm.id), { body }) as { id: string };
    expect(await rest.post(Routes.channelMessages(dm.id), { body })).toEqual(sent);
    expect(vendor.calls.at(-1)?.decoded).toMatchObject({ effects: [{ operation: 'channels.messages.create', recipients: [{ address: dm.id, kind: 'chat', role: 'channel' }], keys: [{ name: 'nonce', value: 'o-42' }] }] });
    expect(await rest.get(Routes.channelMessages(dm.id))).toEqual([sent]);
    expect(await rest.get(Routes.channel(dm.id))).toMatchObject({ type: 1, recipients: [{ id: '80351110224678912' }] });
    expect(await rest.get(Routes.user())).toMatchObject({ bot: true, id: expect.stringMatching(/^\d{19}$/) });
    await rest.patch(Routes.channelMessage(dm.id, sent.id), { body: { content: 'paid' } });
    expect(await rest.get(Routes.channelMessage(dm.id, sent.id))).toMatchObject({ content: 'paid' });
    await rest.delete(Routes.channelMessage(dm.id, sent.id));
    expect(await rest.get(Routes.channelMessages(dm.id))).toEqual([]);
  });

  it.each([
    ['a webhook', () => hook.send('x')],
    ['a bot', () => rest.post(Routes.channelMessages('110000000000000001'), { body: { content: 'x' } })],
  ])('rejects %s with its own DiscordAPIError, holding rule and reason, after exactly one attempt', async (_who, send) => {
    vendor.refuse(refusal);
    const before = vendor.calls.length;
    const error: unknown = await send().catch((thrown: unknown) => thrown);
    expect((error as Error).name).toBe('DiscordAPIError[50013]');
    expect(error).toMatchObject({ status: 403, code: 50_013, message: expect.stringContaining(why) });
    expect(vendor.calls.length - before).toBe(1);
  });

  it("rejects with Discord's own words on a message that is empty, too long, or of nobody", async () => {
    await expect(hook.send({ content: '' })).rejects.toMatchObject({ code: 50_006, status: 400 });
    await expect(hook.send('x'.repeat(2001))).rejects.toMatchObject({ code: 50_035, message: expect.stringContaining('content[BASE_TYPE_MAX_LENGTH]: Must be 2000 or fewer in length.') });
    await expect(rest.get(Routes.user(), { auth: false })).rejects.toMatchObject({ status: 401 });
  });
});

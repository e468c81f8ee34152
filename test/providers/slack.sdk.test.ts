// oxlint-disable unicorn/require-post-message-target-origin -- Slack's method, not a window's
import { LogLevel, WebClient } from '@slack/web-api';
import type { Logger } from '@slack/web-api';
import { IncomingWebhook, WebhookTrigger } from '@slack/webhook';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/model/exchange.ts';
import { slack } from '../../src/providers/slack/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

const refusal = { rule: 'no-real-people', reason: 'ann is a real person' };
const why = 'no-real-people: ann is a real person';

/** It logs what a refusal says besides throwing it. */
const nothing = (): void => undefined;
const silent: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing, setLevel: nothing, setName: nothing, getLevel: () => LogLevel.ERROR };

/** Both hosts over one memory: where a call goes is in its path. */
const everyHost = { ...slack, ...moved() };

describe('@slack/web-api', () => {
  let vendor: VendorServer;
  let client: WebClient;

  beforeAll(async () => {
    vendor = await serveVendor(everyHost, 'slack.com');
    client = new WebClient(['xoxb', 'a'.repeat(12), 'b'.repeat(24)].join('-'), {
      slackApiUrl: `http://127.0.0.1:${vendor.port}/api/`, logger: silent,
      fetch: (url, init) => fetch(String(url).replace('https://files.slack.com', `http://127.0.0.1:${vendor.port}`), init),
    });
  });
  afterAll(() => vendor.close());
  afterEach(() => vendor.refuse(null));

  it('resolves with a channel and a time by which the message is changed, read back and taken away', async () => {
    const { channel = '', ts = '', message } = await client.chat.postMessage({ channel: '#orders', text: 'Order 42', metadata: { event_type: 'order', event_payload: { order_id: 'o-42' } } });
    expect(channel).toMatch(/^C0[A-Z0-9]{9}$/);
    expect(ts).toMatch(/^1795251600\.250\d{3}$/);
    expect(message).toMatchObject({ text: 'Order 42', type: 'message', bot_id: expect.stringMatching(/^B0/) });
    expect(vendor.calls.at(-1)?.decoded).toMatchObject({ effects: [{ recipients: [{ address: '#orders', kind: 'chat', role: 'channel' }], text: 'Order 42', keys: [{ name: 'order_id', value: 'o-42' }] }] });

    await client.chat.postMessage({ channel, text: 'Thanks', thread_ts: ts });
    expect((await client.conversations.replies({ channel, ts })).messages?.map(({ text }) => text)).toEqual(['Order 42', 'Thanks']);
    expect(await client.chat.update({ channel, ts, text: 'Order 42 is paid' })).toMatchObject({ ts, message: { text: 'Order 42 is paid' } });
    expect((await client.conversations.history({ channel })).messages?.map(({ text }) => text)).toEqual(['Order 42 is paid']);
    expect((await client.conversations.list()).channels).toMatchObject([{ id: channel, name: 'orders' }]);
    await client.chat.delete({ channel, ts });
    expect((await client.conversations.history({ channel })).messages).toEqual([]);
    await expect(client.chat.update({ channel, ts, text: 'too late' })).rejects.toMatchObject({ data: { error: 'message_not_found' } });
  });

  it('says who it is, the same every time, and finds a person by address whose messages can be opened', async () => {
    const [one, other] = [await client.auth.test(), await client.auth.test()];
    expect(one).toMatchObject({ ok: true, team: 'Staging', user_id: expect.stringMatching(/^U0/) });
    expect(other).toEqual(one);
    const { user } = await client.users.lookupByEmail({ email: 'ann@example.test' });
    expect(user).toMatchObject({ id: expect.stringMatching(/^U0/), profile: { email: 'ann@example.test' } });
    expect((await client.users.info({ user: user!.id! })).user?.profile?.email).toBe('ann@example.test');
    const { channel } = await client.conversations.open({ users: user!.id! });
    expect((await client.chat.postMessage({ channel: user!.id!, text: 'hi' })).channel).toBe(channel!.id);
  });

  it('knows who reads direct messages that were opened before', async () => {
    const { channel } = await client.conversations.open({ users: 'U024BE7LH,U061F7AUR' });
    await client.chat.postMessage({ channel: channel!.id!, text: 'hi' });
    expect(vendor.calls.at(-1)?.decoded).toMatchObject({ effects: [{ recipients: [{ address: channel!.id }, { address: 'U024BE7LH', role: 'user' }, { address: 'U061F7AUR', role: 'user' }] }] });
  });

  it('schedules a message that is listed until it is taken back', async () => {
    const sent = await client.chat.scheduleMessage({ channel: 'C024BE91L', text: 'soon', post_at: 1_795_255_200 });
    expect(sent).toMatchObject({ channel: 'C024BE91L', post_at: 1_795_255_200, scheduled_message_id: expect.stringMatching(/^Q0/) });
    expect((await client.chat.scheduledMessages.list({ channel: 'C024BE91L' })).scheduled_messages).toMatchObject([{ id: sent.scheduled_message_id, text: 'soon' }]);
    await client.chat.deleteScheduledMessage({ channel: 'C024BE91L', scheduled_message_id: sent.scheduled_message_id! });
    expect((await client.chat.scheduledMessages.list()).scheduled_messages).toEqual([]);
    await expect(client.chat.scheduleMessage({ channel: 'C024BE91L', text: 'late', post_at: 1 })).rejects.toMatchObject({ data: { error: 'time_in_past' } });
  });

  it('uploads a file in three calls, of which the last says to whom it goes and what it holds', async () => {
    const sent = await client.filesUploadV2({ channel_id: 'C024BE91L', file: Buffer.from('hello'), filename: 'a.txt', title: 'Report', initial_comment: 'see <@U024BE7LH>' });
    const { id } = (sent as unknown as { files: readonly { files: readonly { id: string }[] }[] }).files[0]!.files[0]!;
    expect(vendor.calls.slice(-3).map(({ decoded }) => decoded)).toMatchObject([
      { kind: 'read', operation: 'files.getUploadURLExternal' },
      { effects: [{ operation: 'files.upload', recipients: [], attachments: [{ content: Buffer.from('hello') }] }] },
      { effects: [{ recipients: [{ address: 'C024BE91L' }, { address: 'U024BE7LH', role: 'mention' }], text: 'see <@U024BE7LH>', attachments: [{ filename: 'Report', content: Buffer.from('hello') }] }] },
    ]);
    expect((await client.files.info({ file: id })).file).toMatchObject({ name: 'a.txt', size: 5, channels: ['C024BE91L'] });
  });

  it('tells whoever completes a file that never arrived that there is none', async () => {
    const { file_id: id = '' } = await client.files.getUploadURLExternal({ filename: 'a.txt', length: 5 });
    await expect(client.files.completeUploadExternal({ files: [{ id }], channel_id: 'C024BE91L' })).rejects.toMatchObject({ data: { error: 'file_not_found' } });
  });

  it('raises its own platform error, holding rule and reason, after exactly one attempt', async () => {
    vendor.refuse(refusal);
    const before = vendor.calls.length;
    const error: unknown = await client.chat.postMessage({ channel: '#orders', text: 'x' }).catch((thrown: unknown) => thrown);
    expect((error as Error).constructor.name).toBe('WebAPIPlatformError');
    expect(error).toMatchObject({ code: 'slack_webapi_platform_error', message: expect.stringContaining(`restricted_action: ${why}`) });
    expect(vendor.calls.length - before).toBe(1);
  });

  it('makes no more than one attempt at an upload that is refused, and fails at the call after it', async () => {
    const fetched: string[] = [];
    const refusing = new WebClient(['xoxb', 'a'.repeat(12), 'b'.repeat(24)].join('-'), {
      slackApiUrl: `http://127.0.0.1:${vendor.port}/api/`, logger: silent,
      fetch: async (url, init) => {
        fetched.push(String(url).replace(/v1\/.*/, 'v1'));
        vendor.refuse(String(url).includes('/upload/') ? refusal : null);
        return fetch(String(url).replace('https://files.slack.com', `http://127.0.0.1:${vendor.port}`), init);
      },
    });
    await expect(refusing.filesUploadV2({ channel_id: 'C024BE91L', file: Buffer.from('hello'), filename: 'a.txt' })).rejects.toMatchObject({ data: { error: 'file_not_found' } });
    expect(fetched.filter((url) => url === 'https://files.slack.com/upload/v1')).toHaveLength(1);
  });

  it("rejects with Slack's own words on a message that says nothing", async () => {
    await expect(client.chat.postMessage({ channel: '#orders', text: '' })).rejects.toMatchObject({ data: { ok: false, error: 'no_text' } });
    await expect(new WebClient(undefined, { slackApiUrl: `http://127.0.0.1:${vendor.port}/api/` }).auth.test()).rejects.toMatchObject({ data: { error: 'not_authed' } });
  });
});

describe('@slack/webhook', () => {
  let vendor: VendorServer;
  beforeAll(async () => { vendor = await serveVendor(everyHost, 'hooks.slack.com'); });
  afterAll(() => vendor.close());
  afterEach(() => vendor.refuse(null));
  const at = (path: string): string => `http://127.0.0.1:${vendor.port}${path}`;

  it('resolves with ok, and the hook is named without its secret', async () => {
    expect(await new IncomingWebhook(at('/services/T00000000/B00000000/NotASecret')).send('Order 42')).toEqual({ text: 'ok' });
    expect(vendor.calls.at(-1)?.decoded).toMatchObject({ effects: [{ text: 'Order 42', recipients: [{ address: 'services/T00000000/B00000000', kind: 'chat', role: 'webhook' }] }] });
    expect(JSON.stringify(vendor.calls.at(-1)?.decoded)).not.toContain('NotASecret');
  });

  it('resolves for a workflow, whose readers are an audience', async () => {
    expect(await new WebhookTrigger(at('/triggers/T00000000/123/NotASecret')).send({ order: 'o-42' })).toEqual({ ok: true });
    expect(vendor.calls.at(-1)?.decoded).toMatchObject({ effects: [{ recipients: [{ address: 'triggers/T00000000/123', kind: 'audience' }], keys: [{ name: 'order', value: 'o-42' }] }] });
  });

  it.each([
    ['IncomingWebhookHTTPError', () => new IncomingWebhook(at('/services/T0/B0/NotASecret'), { retryConfig: { retries: 3, minTimeout: 1 } }).send('x')],
    ['WebhookTriggerHTTPError', () => new WebhookTrigger(at('/triggers/T0/1/NotASecret'), { retryConfig: { retries: 3, minTimeout: 1 } }).send({})],
  ])('raises its own %s, holding rule and reason, after exactly one attempt', async (name, send) => {
    vendor.refuse(refusal);
    const before = vendor.calls.length;
    const error: unknown = await send().catch((thrown: unknown) => thrown);
    expect((error as Error).constructor.name).toBe(name);
    expect(error).toMatchObject({ statusCode: 403, body: expect.stringContaining(why) });
    expect(vendor.calls.length - before).toBe(1);
  });

  it("answers an empty message in the webhook's own plain words", async () => {
    await expect(new IncomingWebhook(at('/services/T0/B0/NotASecret')).send('')).rejects.toMatchObject({ statusCode: 400, body: 'no_text' });
  });
});

/** A call to /upload/ is one to files.slack.com; what is decoded is told again from memory, as the gateway does. */
function moved(): Pick<typeof slack, 'decode' | 'simulate' | 'reject'> {
  const to = (request: HttpRequest): HttpRequest => request.path.startsWith('/upload/') ? { ...request, authority: { host: 'files.slack.com', port: 443 } } : request;
  return {
    decode: (request) => slack.decode(to(request)),
    async simulate(request, decoded, context) {
      Object.assign(decoded, await slack.recalled(to(request), decoded, context));
      return slack.simulate(to(request), decoded, context);
    },
    reject: (request, refused) => slack.reject(to(request), refused),
  };
}

import { AuthType, Infobip } from '@infobip-api/sdk';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { infobip } from '../../src/providers/infobip/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

/** what the SDK resolves with, of an answer and of an error alike */
interface Answer { readonly status?: number; readonly data?: unknown; readonly name?: string; readonly message?: string; readonly response?: { readonly status: number; readonly data: unknown } }

let vendor: VendorServer;
let client: Infobip;

beforeAll(async () => {
  vendor = await serveVendor(infobip, 'fake12.api.infobip.com');
  client = new Infobip({ baseUrl: `http://127.0.0.1:${vendor.port}`, apiKey: 'fake-key', authType: AuthType.ApiKey });
});
afterAll(() => vendor.close());
afterEach(() => vendor.refuse(null));

const sms = (messages: readonly unknown[]): Promise<Answer> => client.channels.sms.send({ type: 'text', messages } as never) as Promise<Answer>;
const one = (more: object = {}): readonly unknown[] => [{ from: 'Shop', destinations: [{ to: '447700900123' }], text: 'Order 42', ...more }];

describe('@infobip-api/sdk', () => {
  it('sends a message, whose report and log are read back by its id', async () => {
    const { status, data } = await sms(one({ callbackData: 'order 42' }));
    expect(status).toBe(200);
    const { bulkId, messages: [message] } = data as { readonly bulkId: string; readonly messages: readonly { readonly messageId: string }[] };
    expect(message).toEqual({ messageId: expect.stringMatching(/^[0-9a-f-]{36}$/), to: '447700900123', status: { groupId: 1, groupName: 'PENDING', id: 26, name: 'PENDING_ACCEPTED', description: 'Message sent to next instance' } });
    const reports = async (): Promise<unknown> => ((await client.channels.sms.reports.get({ bulkId } as never) as Answer).data as { readonly results: unknown }).results;
    expect(await reports()).toEqual([]);
    vendor.pass(2000);
    expect(await reports()).toMatchObject([{ bulkId, messageId: message!.messageId, to: '447700900123', from: 'Shop', smsCount: 1, callbackData: 'order 42', status: { name: 'DELIVERED_TO_HANDSET' }, error: { name: 'NO_ERROR' } }]);
    // each report is given once, the log always
    expect(await reports()).toEqual([]);
    const logs = await client.channels.sms.logs.get({ messageId: message!.messageId } as never) as Answer;
    expect(logs.data).toMatchObject({ results: [{ messageId: message!.messageId, text: 'Order 42' }] });
  });

  it('sends by a GET, and binary', async () => {
    const basic = new Infobip({ baseUrl: `http://127.0.0.1:${vendor.port}`, username: 'shop', password: 'not-a-secret', authType: AuthType.Basic });
    const { data } = await basic.channels.sms.send({ type: 'query', to: ['447700900123', '447700900456'], from: 'Shop', text: 'Order 42' } as never) as Answer;
    expect(data).toMatchObject({ messages: [{ to: '447700900123' }, { to: '447700900456' }] });
    expect(vendor.calls.at(-1)?.decoded).toMatchObject({ effects: [{ channel: 'sms', recipients: [{ address: '+447700900123' }, { address: '+447700900456' }], text: 'Order 42' }] });
  });

  it('verifies a number with the code that the capture shows', async () => {
    const twoFA = client.service.twoFA;
    const { data } = await twoFA.sendPINCodeSMS({ applicationId: 'app1', messageId: 'tpl1', to: '447700900123' }) as Answer;
    expect(data).toMatchObject({ to: '447700900123', ncStatus: 'NC_DESTINATION_REACHABLE', smsStatus: 'MESSAGE_SENT' });
    const { pinId } = data as { readonly pinId: string };
    const decoded = vendor.calls.at(-1)?.decoded;
    const code = decoded?.kind === 'effects' && decoded.effects[0]?.channel === 'verification' ? decoded.effects[0].code ?? '' : '';
    const resent = await twoFA.resendPINCodeVoice(pinId) as Answer;
    expect(resent.data).toEqual({ pinId, to: '447700900123', callStatus: 'PENDING_ACCEPTED' });
    expect((await twoFA.verifyPhoneNumber(pinId, { pin: '0' }) as Answer).data).toEqual({ pinId, msisdn: '447700900123', verified: false, attemptsRemaining: 9, pinError: 'WRONG_PIN' });
    expect((await twoFA.verifyPhoneNumber(pinId, { pin: code }) as Answer).data).toEqual({ pinId, msisdn: '447700900123', verified: true, attemptsRemaining: 0 });
    expect((await twoFA.getVerificationStatus('app1', { msisdn: '447700900123' }) as Answer).data).toMatchObject({ verifications: [{ msisdn: '447700900123', verified: true }] });
  });

  it('makes an application and a message of it, and reads them', async () => {
    const twoFA = client.service.twoFA;
    const { data } = await twoFA.createApplication({ name: 'shop', enabled: true } as never) as Answer;
    const { applicationId } = data as { readonly applicationId: string };
    expect((await twoFA.getApplication(applicationId) as Answer).data).toEqual({ name: 'shop', enabled: true, applicationId });
    const made = await twoFA.createMessageTemplate(applicationId, { messageText: 'Your pin is {{pin}}', pinType: 'NUMERIC', pinLength: 4 } as never) as Answer;
    expect((await twoFA.getMessageTemplates(applicationId) as Answer).data).toEqual([made.data]);
  });

  it('sends by WhatsApp', async () => {
    const { data } = await client.channels.whatsapp.send({ type: 'text', from: '447700900999', to: '447700900123', content: { text: 'Order 42' } } as never) as Answer;
    expect(data).toMatchObject({ to: '447700900123', messageCount: 1, messageId: expect.any(String), status: { name: 'PENDING_ENROUTE' } });
  });

  it('gives its AxiosError back, holding rule and reason, after exactly one attempt', async () => {
    vendor.refuse({ rule: 'no-real-people', reason: 'ann is a <real> person' });
    const before = vendor.calls.length;
    const answer = await sms(one());
    expect(answer).toMatchObject({ name: 'AxiosError', response: { status: 403, data: { requestError: { serviceException: { messageId: 'FORBIDDEN', text: expect.stringContaining('no-real-people: ann is a <real> person') } } } } });
    expect(vendor.calls.length - before).toBe(1);
  });

  it('is told of a number that is none within a successful answer', async () => {
    const { data } = await sms(one({ destinations: [{ to: 'x1' }, { to: '447700900123' }] }));
    expect(data).toMatchObject({ messages: [{ to: 'x1', status: { groupName: 'REJECTED', name: 'REJECTED_DESTINATION' } }, { status: { groupName: 'PENDING' } }] });
  });
});

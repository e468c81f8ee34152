import nodemailer from 'nodemailer';

/** Somebody real in one place of one call. `needle` is what no masked answer may hold, in any reading. */
export interface PlantedPerson { readonly place: string; readonly needle: RegExp }

const mail = (n: number): string => `plant${String(n).padStart(2, '0')}.doe@gmail.com`;
const phone = (n: number): string => `+49151123400${String(n).padStart(2, '0')}`;
const named = (n: number): RegExp => new RegExp(`plant${String(n).padStart(2, '0')}`, 'i');
const numbered = (n: number): RegExp => new RegExp(`151\\D{0,2}1234\\D{0,2}00\\D{0,2}${String(n).padStart(2, '0')}`);

export const device = 'device-token-plant30-0123456789abcdef';
export const chat = 'C0PLANT31';

/** 40 people, and where each was put by `plantPeople`. */
export const people: readonly PlantedPerson[] = [
  ...([
    [1, 'To of a mail'], [2, 'Cc of a mail'], [3, 'only in the envelope'], [4, 'From of a mail'], [5, 'Reply-To'], [6, 'subject'], [7, 'text part in quoted-printable'], [8, 'mailto: of an HTML part in base64'],
    [9, 'HTML as a character reference'], [10, 'link, percent-encoded'], [11, 'name of an attachment'], [12, 'header of our customer'], [13, 'List-Unsubscribe'], [14, 'VERP sender'], [15, 'bytes of an attachment'],
    [18, 'text of an SMS'], [19, 'query of a call, percent-encoded'], [20, 'JSON of an API mail'], [21, 'template data'], [22, 'HTML of an API mail'], [23, 'payment customer'], [24, 'receipt of a payment'],
    [25, 'description of a payment'], [26, 'metadata of a payment'], [27, 'text of a chat message'], [28, 'title of a push'], [29, 'data of a push'], [32, 'note'], [33, 'tag'], [34, 'claim of a run'],
    [35, 'body in base64 of a rejected call'], [36, 'path of a rejected call'],
  ] as const).map(([n, place]) => ({ place, needle: named(n) })),
  { place: 'token of a device', needle: /plant30/i },
  { place: 'id of a chat', needle: /C0PLANT31/i },
  ...([[16, 'text of a mail'], [17, 'recipient of an SMS'], [37, 'recipient without a plus'], [38, 'telephone of a payment customer'], [39, 'number to verify'], [40, 'national spelling of a recipient']] as const).map(([n, place]) => ({ place, needle: numbered(n) })),
];

interface Ways {
  readonly http: number;
  readonly smtp: number;
  /** asked as an admin */
  readonly api: (path: string, init?: RequestInit) => Promise<unknown>;
  /** where callbacks of the SMS go */
  readonly webhook: string;
}

/** Makes the calls an application would make. */
export async function plantPeople({ http, smtp, api, webhook }: Ways): Promise<void> {
  await api('/api/runs', { method: 'POST', body: JSON.stringify({ name: 'planted', claims: [{ recipient: mail(34) }] }) });
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port: smtp, secure: false, ignoreTLS: true, auth: { user: 'shop+planted', pass: 'x' } });
  await transport.sendMail({
    envelope: { from: 'bounce+plant14.doe=gmail.com@shop-mail.com', to: [mail(1), mail(2), mail(3), 'qa@example.test'] },
    from: `Shop <${mail(4)}>`, to: `Jane Doe <${mail(1)}>`, cc: mail(2), replyTo: mail(5), subject: `Für ${mail(6)}`,
    text: { content: `Grüße an ${mail(7)}, auch unter ${phone(16)}. Code 123456\nÄÖÜ ${'ß'.repeat(80)}`, contentTransferEncoding: 'quoted-printable' } as unknown as string,
    html: Buffer.from(`<p>Hi <a href="mailto:${mail(8)}">you</a>, plant09.doe&#64;gmail.com</p><a href="https://shop.example.test/u?email=${encodeURIComponent(mail(10))}&amp;x=1">off</a>`),
    textEncoding: 'base64',
    attachments: [{ filename: `${mail(11)}.txt`, content: `for ${mail(15)}` }],
    headers: { 'X-Customer': mail(12), 'List-Unsubscribe': `<mailto:off@shop.example.test?subject=${encodeURIComponent(mail(13))}>` },
  });
  transport.close();
  const call = async (host: string, path: string, body: unknown, more: Record<string, string> = {}): Promise<void> => {
    const form = body instanceof URLSearchParams;
    const response = await fetch(`http://127.0.0.1:${http}/~/${host}${path}`, {
      method: 'POST', body: form ? body.toString() : typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json', 'x-fourthwall-service': 'shop', 'x-fourthwall-run': 'planted', ...more },
    });
    await response.arrayBuffer();
  };
  const basic = { authorization: `Basic ${Buffer.from(`AC${'0'.repeat(32)}:${'1'.repeat(32)}`).toString('base64')}` };
  await call('api.twilio.com', `/2010-04-01/Accounts/AC${'0'.repeat(32)}/Messages.json`, new URLSearchParams({
    To: phone(17), From: '+15005550006', Body: `Ask ${mail(18)} or ring 0151 123400 17`, StatusCallback: webhook,
  }), basic);
  await call('api.twilio.com', `/2010-04-01/Accounts/AC${'0'.repeat(32)}/Messages.json`, new URLSearchParams({ To: phone(40), From: '+15005550006', Body: 'you are 0151-12340040' }), basic);
  await call('rest.nexmo.com', '/sms/json', new URLSearchParams({ api_key: 'abcd1234', api_secret: 'secret12', from: 'Shop', to: phone(37).slice(1), text: 'hello' }));
  await call('verify.twilio.com', `/v2/Services/VA${'0'.repeat(32)}/Verifications`, new URLSearchParams({ To: phone(39), Channel: 'sms' }), basic);
  await call('api.sendgrid.com', '/v3/mail/send', {
    personalizations: [{ to: [{ email: mail(20), name: 'Jane' }], dynamic_template_data: { who: mail(21), nested: JSON.stringify({ mail: mail(21) }) } }], from: { email: 'shop@example.test' }, subject: 'Hello',
    content: [{ type: 'text/html', value: `<a href="https://shop.example.test/${encodeURIComponent(encodeURIComponent(mail(22)))}">x</a>` }],
  }, { authorization: 'Bearer SG.x.y' });
  const stripe = { authorization: `Bearer sk_${'test'}_${'a'.repeat(24)}` };
  await call('api.stripe.com', '/v1/customers', new URLSearchParams({ email: mail(23), phone: phone(38), name: 'Jane' }), stripe);
  await call('api.stripe.com', '/v1/payment_intents', new URLSearchParams({
    amount: '4200', currency: 'eur', receipt_email: mail(24), description: `order of ${mail(25)}`, 'metadata[order_id]': mail(26), payment_method: 'pm_card_visa', confirm: 'true', 'automatic_payment_methods[enabled]': 'true', 'automatic_payment_methods[allow_redirects]': 'never',
  }), stripe);
  await call('slack.com', '/api/chat.postMessage', { channel: chat, text: `tell ${mail(27)}` }, { authorization: 'Bearer xoxb-1-2-3' });
  await call('fcm.googleapis.com', '/v1/projects/shop/messages:send', { message: { token: device, notification: { title: `for ${mail(28)}`, body: 'x' }, data: { to: mail(29) } } }, { authorization: 'Bearer ya29.x' });
  await call('analytics.tracker-company.com', `/users/${mail(36)}/track?email=${encodeURIComponent(mail(19))}`, { blob: Buffer.from(`{"mail":"${mail(35)}"}`).toString('base64') });
}

export const noteOf = `ask ${mail(32)}`;
export const tagOf = mail(33);

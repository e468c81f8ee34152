import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { CaptureDraft } from '../../src/model/capture.ts';
import type { Request } from '../../src/model/exchange.ts';
import { answer, draft, email, http, mail, recipient } from '../contract/store-drafts.ts';

/** Made at run time: a string that looks like a key stands in no file. */
let grown = 0;
function grow(length: number, alphabet = 'aB3dE5gH7jK9mN2pQ4sT6vW8yZ'): string {
  grown += 1;
  const digest = createHash('sha512').update(String(grown)).digest();
  return Array.from({ length }, (_, at) => alphabet[(digest[at % digest.length]! + at) % alphabet.length]).join('');
}
const hex = (length: number): string => grow(length, '0a1b2c3d4e5f6789');
const base64 = (text: string): string => Buffer.from(text).toString('base64');

export interface Planted { readonly where: string; readonly secret: string; readonly draft: CaptureDraft }

const posted = (headers: readonly (readonly [string, string])[], body: string | Buffer = '', more: Partial<Parameters<typeof http>[0]> = {}): Request =>
  http({ headers, body: Buffer.from(body), ...more });

function calls(where: string, secret: string, request: Request, more: Partial<CaptureDraft> = {}): Planted {
  return { where, secret, draft: draft({ protocol: request.kind === 'mail' ? 'smtp' : 'http', request, ...more }) };
}

/** One secret each, in every place and coding a call can carry one. */
export function plantedSecrets(): readonly Planted[] {
  const header = (name: string, secret: string, scheme = ''): Planted => calls(`header ${name}`, secret, posted([[name, `${scheme}${secret}`]]));
  const json = (where: string, secret: string, value: unknown): Planted => calls(where, secret, posted([['Content-Type', 'application/json']], JSON.stringify(value)));
  const form = (where: string, secret: string, text: string): Planted => calls(where, secret, posted([['Content-Type', 'application/x-www-form-urlencoded']], text));
  const letter = (where: string, secret: string, text: string): Planted => calls(where, secret, mail({ message: Buffer.from(text.replaceAll('\n', '\r\n')) }));

  const named = (make: (secret: string) => Planted, secret: string = grow(20)): Planted => make(secret);

  const stripe = (mode: string): string => `sk_${mode}_${grow(24)}`;
  const sendgrid = `SG.${grow(22)}.${grow(43)}`;
  const twilioToken = hex(32);
  const [s1, s2, s3, s4, s5, s6] = [stripe('live'), stripe('test'), stripe('live'), stripe('test'), stripe('live'), stripe('test')];
  const aws = `AKIA${grow(16, 'ABCDEFGH234567')}`;
  const password = grow(20);
  const gzipped = grow(30);
  const repeated = grow(28);
  const [p1, p2, p3, p4, p5, p6, p7, p8, p9, p10] = [grow(24), grow(24), grow(24), grow(24), grow(24), grow(24), grow(24), grow(24), grow(24), grow(24)];
  const telegram = `${grow(9, '123456789')}:${grow(35)}`;
  const brevo = `xkeysib-${hex(64)}-${grow(16)}`;
  const mailgun = `key-${hex(32)}`;
  const slack = `xoxb-${grow(11, '123456789')}-${grow(24)}`;
  const jwt = `ey${grow(20)}.${grow(60)}.${grow(43)}`;
  const attached = stripe('live');
  const split = `whsec_${grow(40)}`;
  return [
    header('Authorization', s1, 'Bearer '), header('authorization', sendgrid, 'Bearer '), header('Proxy-Authorization', base64(`shop:${grow(20)}`), 'Basic '),
    header('Cookie', `session=${grow(32)}`), header('X-Api-Key', grow(32)), header('api-key', brevo), header('X-Amz-Security-Token', grow(80)), header('DD-API-KEY', hex(32)),
    header('Stripe-Signature', `t=1,v1=${hex(64)}`), header('X-Twilio-Signature', grow(27)), header('X-Postmark-Server-Token', `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`),
    header('X-Auth-Token', grow(32)), header('X-Odd-But-Obvious', s2), header('AUTHORIZATION', `AWS4-HMAC-SHA256 Credential=${aws}/20261121/eu/ses/aws4_request, Signature=${hex(64)}`),
    calls('Basic password that stands in the body too', twilioToken, posted([['Authorization', `Basic ${base64(`AC${hex(32)}:${twilioToken}`)}`]], `note=${twilioToken}`)),
    calls('query api_key', p1, posted([], '', { query: `a=1&api_key=${p1}&b=2` })), calls('query key', p2, posted([], '', { query: `key=${p2}` })),
    calls('query access_token, percent-encoded name', p3, posted([], '', { query: `access%5Ftoken=${p3}` })), calls('query signature', p4, posted([], '', { query: `sig=1&signature=${p4}` })),
    calls('path of a bot', telegram, posted([], '', { path: `/bot${telegram}/sendMessage` })), calls('path of a webhook', p5, posted([], '', { path: `/services/T0000000/B0000000/${p5}` })),
    form('form password', password, `user=ann&password=${password}&x=1`), form('form key by its look', s3, `a=1&whatever=${s3}`), form('form value percent-encoded', s4, `note=${s4.replace('_', '%5F').replace('_', '%5f')}`),
    json('JSON api_key', p6, { a: [{ api_key: p6 }] }), json('JSON key by its look', mailgun, { text: `use ${mailgun} please` }), json('JSON nested client secret', p7, { auth: { clientSecret: p7 } }),
    calls('JSON with escapes', s5, posted([['content-type', 'application/json']], `{"note":"${s5.replaceAll('_', '\\u005f')}"}`)),
    calls('JSON cut off in the middle', p8, posted([], `{"a":1,"password":"${p8}`)),
    calls('multipart field', p9, posted([['Content-Type', 'multipart/form-data; boundary=x']], `--x\r\nContent-Disposition: form-data; name="api_key"\r\n\r\n${p9}\r\n--x--\r\n`)),
    calls('XML element', slack, posted([['Content-Type', 'text/xml']], `<a><b>${slack}</b></a>`)),
    calls('gzip body', gzipped, posted([['Content-Encoding', 'gzip']], gzipSync(JSON.stringify({ secret: gzipped })))),
    calls('unknown content coding', repeated, posted([['Content-Encoding', 'rot13']], repeated)),
    calls('UTF-16 body', s6, posted([['Content-Type', 'application/json; charset=utf-16']], Buffer.from(JSON.stringify({ k: s6 }), 'utf16le'))),
    calls('UTF-16 field by its name', p10, posted([], Buffer.from(JSON.stringify({ password: p10 }), 'utf16le'))),
    letter('mail text', `md-${grow(22)}`, ''), letter('mail quoted-printable, broken over lines', split, ''), letter('mail base64 part', attached, ''),
    calls('JSON attachment in base64', `re_${grow(8)}_${grow(24)}`, posted([], '')),
    calls('reply body of a token endpoint', jwt, posted([]), { reply: answer({ body: Buffer.from(JSON.stringify({ access_token: jwt, token_type: 'Bearer' })) }) }),
    calls('reply Set-Cookie', `sid=${grow(40)}`, posted([]), {}),
    ...['user_password', 'pass', 'passcode', 'password2', 'smtp_password', 'stripe_api_key', 'new_password', 'pwd', 'pin', 'auth', 'jwt', 'hmac', 'DB_PASS', 'accessTokenV2', 'password_value'].map((name) => named((secret) => json(`JSON ${name}`, secret, { [name]: secret }))),
    ...['user_password', 'pwd', 'userpassword', 'X-Goog-Signature', 'api_key_v2', 'hmac'].map((name) => named((secret) => calls(`query ${name}`, secret, posted([], '', { query: `a=1&${name}=${secret}` })))),
    ...['X-Custom-Pass', 'X-Auth', 'X-Pwd', 'Api-Secret-Key', 'X-Hub-Signature-256', 'Ocp-Apim-Subscription-Key'].map((name) => named((secret) => header(name, secret))),
    named((secret) => json('JSON object under a secret name', secret, { password: { kind: 'plain', value: secret } })),
    named((secret) => json('JSON list under a secret name', secret, { secret: ['first-of-the-two', secret] })),
    named((secret) => calls('JSON numbers', secret, posted([], `{"pin":${secret}}`)), grow(16, '123456789')),
    named((secret) => json('JSON inside JSON', secret, { inner: JSON.stringify({ password: secret }) })),
    named((secret) => json('JSON inside JSON inside JSON', secret, { a: JSON.stringify({ b: JSON.stringify([{ api_key: secret }]) }) })),
    named((secret) => json('form inside JSON', secret, { request: `user=ann&password=${secret}` })),
    named((secret) => form('JSON inside a form', secret, `x=1&payload=${encodeURIComponent(JSON.stringify({ password: secret }))}`)),
    named((secret) => form('form inside a form', secret, `x=1&payload=${encodeURIComponent(`a=1&password=${secret}`)}`)),
    named((secret) => calls('JSON in base64', secret, posted([], base64(JSON.stringify({ password: secret }))))),
    named((secret) => calls('multipart field, its name without quotes', secret, posted([['Content-Type', 'multipart/form-data; boundary=x']], `--x\r\nContent-Disposition: form-data; name=password\r\n\r\n${secret}\r\n--x--\r\n`))),
    named((secret) => form('query of a callback', secret, `To=x&StatusCallback=${encodeURIComponent(`https://hook.test/?a=1&token=${secret}`)}`)),
    named((secret) => letter('mail header X-Auth-Token', secret, `From: a@shop.test\nX-Auth-Token: ${secret}\nSubject: hello\n\nhello\n`)),
    named((secret) => letter('mail header X-Api-Password, folded', secret, `From: a@shop.test\nX-Api-Password:\n ${secret}\nSubject: hello\n\nhello\n`)),
    named((secret) => calls('parameter AUTH of MAIL', secret, mail({ from: { address: 'a@shop.test', parameters: [['AUTH', secret]] }, transcript: `C: MAIL FROM:<a@shop.test> AUTH=${secret}` }))),
    ...([['Host', (secret: string) => `GET / HTTP/1.1\r\nHost: bob:${secret}@shop.test\r\n\r\n`], ['CONNECT', (secret: string) => `CONNECT bob:${secret}@shop.test:443 HTTP/1.1\r\n\r\n`],
      ['a whole URL', (secret: string) => `GET http://bob:${secret}@shop.test/ HTTP/1.1\r\n\r\n`], ['a reverse route', (secret: string) => `GET /~/bob:${secret}@shop.test/ HTTP/1.1\r\n\r\n`],
      ['a query', (secret: string) => `GET /?password=${secret} HTTP/1.1\r\nBad Header: x\r\n\r\n`], ['MAIL', (secret: string) => `MAIL FROM:<a@shop.test> PASSWORD=${secret}\r\n`]] as const)
      .map(([where, said]) => named((secret) => calls(`unreadable: ${where}`, secret, { kind: 'unreadable', protocol: where === 'MAIL' ? 'smtp' : 'http', authority: null, received: Buffer.from(said(secret)) }))),
    named((secret) => calls('decoded field under an odd name', secret, posted([]), { decoded: { kind: 'effects', effects: [email({ keys: [{ name: 'smtp_password', value: secret }] })] } })),
    calls('unreadable head', grow(40), posted([])), calls('what the decision would have sent', grow(40), posted([])), calls('decoded text', `mlsn.${hex(64)}`, posted([])),
  ].map((planted) => placed(planted));
}

/** Those whose draft needs the secret in a place that can only be built around it. */
function placed({ where, secret, draft: made }: Planted): Planted {
  const crlf = (text: string): Buffer => Buffer.from(text.replaceAll('\n', '\r\n'));
  const head = 'From: a@shop.test\nSubject: hello\n';
  switch (where) {
    case 'mail text': return { where, secret, draft: { ...made, request: mail({ message: crlf(`${head}\nThe key is ${secret}.\n`) }) } };
    case 'mail quoted-printable, broken over lines':
      return { where, secret, draft: { ...made, request: mail({ message: crlf(`${head}Content-Transfer-Encoding: quoted-printable\n\nIt is ${secret.slice(0, 12).replace('_', '=5F')}=\n${secret.slice(12)} now\n`) }) } };
    case 'mail base64 part': {
      const lines = base64(`${'Hello there. '.repeat(9)}${secret} and more text after it`).replace(/.{76}/g, '$&\n');
      return { where, secret, draft: { ...made, request: mail({ message: crlf(`${head}Content-Transfer-Encoding: base64\n\n${lines}\n`) }) } };
    }
    case 'JSON attachment in base64':
      return { where, secret, draft: { ...made, request: http({ body: Buffer.from(JSON.stringify({ attachments: [{ content: base64(`key file: ${secret}\n`) }] })) }),
        decoded: { kind: 'effects', effects: [email({ attachments: [{ filename: 'k', contentType: 'text/plain', contentId: null, content: Buffer.from(`key file: ${secret}\n`) }] })] } } };
    case 'reply Set-Cookie': return { where, secret, draft: { ...made, reply: answer({ headers: [['Set-Cookie', secret]] }) } };
    case 'unreadable head':
      return { where, secret, draft: { ...made, request: { kind: 'unreadable', protocol: 'http', authority: null, received: Buffer.from(`POST / HTTP/9\r\nX-Api-Key: ${secret}\r\n\r\n`) } } };
    case 'what the decision would have sent':
      return { where, secret, draft: { ...made, decision: { ...made.decision, action: 'forward', plan: { internal: false, via: null, rewrites: [{ kind: 'credential', value: secret }] } } } };
    case 'decoded text':
      return { where, secret, draft: { ...made, decoded: { kind: 'effects', effects: [email({ text: `take ${secret}`, keys: [{ name: 'note', value: secret }], recipients: [recipient('ann@shop.test')] })] } } };
    default: return { where, secret, draft: made };
  }
}

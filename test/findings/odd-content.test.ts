import { describe, expect, it } from 'vitest';
import { burst } from '../../src/findings/burst.ts';
import { readContent } from '../../src/findings/content.ts';
import { read, rulesOf } from '../../src/findings/reading.ts';
import { createSameMessage } from '../../src/findings/same-message.ts';
import { defaultLimits } from '../../src/model/limits.ts';
import type { Headers } from '../../src/model/exchange.ts';
import type { Recipient, Standing } from '../../src/model/recipient.ts';
import type { Decoded } from '../../src/model/side-effect.ts';
import { fingerprint } from '../../src/store/fingerprint.ts';
import { day, email, payment, recipient, sms } from '../contract/store-drafts.ts';

interface Mail { readonly subject?: string; readonly text?: string; readonly html?: string; readonly from?: string; readonly recipients?: number; readonly headers?: Headers | null }
const findings = ({ subject, text, html, from = 'shop@example.test', recipients = 1, headers = [] }: Mail) =>
  readContent({ subject: subject ?? null, text: text ?? null, html: html ?? null }, [], { from, recipients, headers }).findings;
const ids = (mail: Mail): readonly string[] => findings(mail).map(({ id }) => id);

const tokenised = 'reset/9f8e7d6c5b4a39281706';

describe('live-link', () => {
  it.each<[string, Mail]>([
    ['a payment page of live mode', { text: 'pay at https://checkout.stripe.com/c/pay/cs_live_a1b2c3' }],
    ['a payment link of live mode', { text: 'https://buy.stripe.com/abc123' }],
    ['the real PayPal', { html: '<a href="https://www.paypal.com/checkoutnow?token=EC-123">pay</a>' }],
    ['the live host beside the one of staging', { text: 'https://staging.bigshop.com/orders/1\nhttps://www.bigshop.com/imprint' }],
    ['the live host of a staging sender', { from: 'shop@mail.staging.bigshop.co.uk', text: 'https://www.bigshop.co.uk/' }],
    ['a link that acts, with a token, on a public host', { text: `https://www.bigshop.com/${tokenised}` }],
    ['the same behind a query', { text: 'https://www.bigshop.com/confirm?token=0a1b2c3d4e5f60718293' }],
  ])('%s', (_what, mail) => {
    expect(ids(mail)).toContain('live-link');
  });

  it.each<[string, Mail]>([
    ['a public page', { text: 'https://www.bigshop.com/imprint' }],
    ['staging itself', { text: `https://staging.bigshop.com/${tokenised}` }],
    ['a numbered rehearsal', { text: `https://shop-qa2.bigshop.com/${tokenised}` }],
    ['another firm beside staging', { text: 'https://staging.bigshop.com/\nhttps://www.facebook.com/bigshop' }],
    ['test mode of a vendor', { text: 'https://checkout.stripe.com/c/pay/cs_test_a1b2\nhttps://buy.stripe.com/test_abc\nhttps://www.sandbox.paypal.com/checkoutnow?token=EC-1' }],
    ['a reserved name', { text: `https://shop.example/${tokenised}\nhttps://www.example.com/${tokenised}` }],
    ['an action without a token', { text: 'https://www.bigshop.com/login' }],
  ])('not %s', (_what, mail) => {
    expect(ids(mail)).not.toContain('live-link');
  });
});

describe('missing-unsubscribe', () => {
  it.each<[string, Mail]>([
    ['a list', { headers: [['List-Id', '<news.shop.test>']] }],
    ['bulk by its own word', { headers: [['Precedence', 'bulk']] }],
    ['a newsletter', { subject: 'Our newsletter in November' }],
    ['one message to many', { recipients: 10 }],
    ['an empty List-Unsubscribe', { headers: [['List-Id', '<x>'], ['List-Unsubscribe', '']] }],
  ])('%s', (_what, mail) => {
    expect(ids({ text: 'Buy now', ...mail })).toContain('missing-unsubscribe');
  });

  it.each<[string, Mail]>([
    ['a list that can be left by header', { headers: [['List-Id', '<x>'], ['List-Unsubscribe', '<https://shop.test/u>']] }],
    ['one that says how', { headers: [['Precedence', 'bulk']], text: 'To unsubscribe, reply STOP' }],
    ['one that says how in German', { subject: 'Newsletter', html: '<p>Vom Newsletter <a href="https://shop.test/x">abmelden</a></p>' }],
    ['a link that leads out', { headers: [['Precedence', 'list']], html: '<a href="https://shop.test/unsubscribe/1">here</a>' }],
    ['a letter to one', { text: 'Your order' }],
    ['an API mail, whose headers the vendor makes', { headers: null, subject: 'Newsletter', recipients: 50 }],
  ])('not %s', (_what, mail) => {
    expect(ids(mail)).not.toContain('missing-unsubscribe');
  });

  it('reads the headers of a whole message', async () => {
    const message = (header: string) => Buffer.from(`Subject: News\r\nPrecedence: bulk\r\n${header}Content-Type: text/plain\r\n\r\nBuy now\r\n`);
    const rules = rulesOf(defaultLimits, []);
    expect((await read({ kind: 'mime', message: message('') }, rules)).findings.map(({ id }) => id)).toEqual(['missing-unsubscribe']);
    expect((await read({ kind: 'mime', message: message('List-Unsubscribe:\r\n <mailto:u@shop.test>\r\n') }, rules)).findings).toEqual([]);
  });
});

describe('personal-data', () => {
  it.each<[string, string, string]>([
    ["a private person's address", 'Customer: ann.miller1970@gmail.com', 'address a***@gmail.com'],
    ['another service', 'von: hans.maier@t-online.de', 'address h***@t-online.de'],
    ['an IBAN in groups', 'IBAN: DE02 1203 0000 0000 2020 51', 'IBAN DE02...2051'],
    ['an IBAN in one piece', 'to GB33BUKB20201555555555.', 'IBAN GB33...5555'],
    ['a mobile number', 'Call Ann: +49 171 2345678', 'number +491***78'],
    ['a number overseas', 'tel. +1 (415) 867-5309', 'number +141***09'],
  ])('%s', (_what, text, excerpt) => {
    expect(findings({ text }).filter(({ id }) => id === 'personal-data').map((finding) => [finding.where, finding.excerpt])).toEqual([['text', excerpt]]);
  });

  it.each([
    'Write to support@bigshop.com', 'ann@example.com, bob@shop.test', 'DE89 3704 0044 0532 0130 00 is the handbook\'s', 'DE02 1203 0000 0000 2020 52 has a wrong check digit',
    'Hotline +49 800 1234567 or +1 800 555 1234', 'call +1 212 555 0123 (fiction) or +44 7700 900123', 'order +4 items', 'a+1234567890@shop.test', 'https://maps.test/@+48.1372000000',
    'ABCD1234567890', 'total +100000000000000000000',
  ])('not in %j', (text) => {
    expect(ids({ text })).not.toContain('personal-data');
  });

  it('not the sender\'s own address', () => {
    expect(ids({ from: 'tinyshop@gmail.com', text: 'Reply to TinyShop@gmail.com' })).not.toContain('personal-data');
  });

  it('never repeats the data it found', () => {
    const text = 'ann.miller1970@gmail.com DE02120300000000202051 +491712345678';
    for (const { excerpt } of findings({ text })) for (const word of text.split(' ')) expect(excerpt).not.toContain(word);
  });

  it('is quick on text made to be slow', () => {
    const started = performance.now();
    for (const part of ['a@', 'a.', 'DE02 ', 'AB12 ', '+1 ', '+1(2)', 'A1', 'https://staging.x.com/reset/', '-'.repeat(20), 'unsub']) {
      const text = part.repeat(Math.floor(200_000 / part.length));
      findings({ text, html: text, recipients: 20 });
    }
    expect(performance.now() - started).toBeLessThan(15_000);
  }, 60_000);
});

describe('same-message', () => {
  const hash = (text: string): string => text;
  const to = (address: string, standing: Standing = 'real'): readonly Recipient[] => [recipient(address, { standing })];
  const mail = (n: number, more: { readonly subject?: string; readonly standing?: Standing } = {}): Decoded<Recipient> =>
    ({ kind: 'effects', effects: [email({ subject: more.subject ?? `Offer ${n} for you`, recipients: to(`c${n}@x.com`, more.standing) })] });
  const found = (calls: readonly Decoded<Recipient>[], step = 1_000): readonly number[] => {
    const see = createSameMessage({ hash, fingerprint });
    return calls.flatMap((decoded, n) => (see({ service: 'shop', decoded, at: day + n * step }).length > 0 ? [n] : []));
  };

  it('is found from the tenth real recipient of one sort of message on', () => {
    expect(found(Array.from({ length: 12 }, (_, n) => mail(n)))).toEqual([9, 10, 11]);
  });

  it('counts people and not messages, one sort at a time, within an hour', () => {
    expect(found(Array.from({ length: 12 }, () => mail(1)))).toEqual([]);
    expect(found(Array.from({ length: 12 }, (_, n) => mail(n, { subject: `Letter of ${'abcdefghijkl'[n]}` })))).toEqual([]);
    expect(found(Array.from({ length: 12 }, (_, n) => mail(n)), 10 * 60_000)).toEqual([]);
    expect(found(Array.from({ length: 12 }, (_, n) => mail(n, { standing: 'safe' })))).toEqual([]);
  });

  it('sees a text and a mail to many at once, and no payments', () => {
    const many = Array.from({ length: 10 }, (_, n) => recipient(`c${n}@x.com`, { standing: 'real' }));
    expect(found([{ kind: 'effects', effects: [email({ recipients: many })] }])).toEqual([0]);
    expect(found([{ kind: 'effects', effects: [sms({ recipients: many, text: 'Sale' })] }])).toEqual([0]);
    expect(found([{ kind: 'effects', effects: [payment({ recipients: many })] }])).toEqual([]);
  });
});

describe('burst', () => {
  it('says how many within what time', () => {
    expect(burst({ distinct: 51, over: true }, { recipients: 50, perMs: 60_000 })).toEqual([
      { id: 'burst', title: 'A mailshot to many strangers', where: 'recipients', excerpt: 'at least 51 different real recipients within 60 s; 50 are allowed' }]);
    expect(burst({ distinct: 50, over: false }, { recipients: 50, perMs: 60_000 })).toEqual([]);
    expect(burst({ distinct: 51, over: true }, null)).toEqual([]);
  });
});

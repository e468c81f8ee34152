import { parseAddressList } from '../model/address/address-list.ts';
import type { Headers, MailPath, MailTransaction } from '../model/exchange.ts';
import { header } from '../model/exchange.ts';
import type { MailProvider } from '../model/provider.ts';
import type { Addressee } from '../model/recipient.ts';
import type { Decoded, Email } from '../model/side-effect.ts';
import { rewriteMail, saidByMail } from './smtp-rewrite.ts';
import { addressHeaders, addressesIn } from './wire/address-field.ts';
import { decodeWords } from './wire/encoded-word.ts';
import { headerText, readHeaderBlock } from './wire/header-block.ts';
import { trimmed } from './wire/trim.ts';

/**
 * Mail by SMTP. Decided on by its envelope and header block; text, html and attachments are read by enrichment. A message
 * without a header is still a mail: RCPT alone decides who is reached. One whose header breaks off is to somebody unknown too.
 */
export const smtp = {
  name: 'smtp',
  channels: ['email'],
  about: {
    operations: ['mail'],
    fidelity: 'accepts and refuses as a mail server does; a refusal comes after DATA',
    verified: { sdk: 'nodemailer', version: '10.6.0', date: '2026-11-21' },
  },

  decode(transaction): Decoded {
    const block = readHeaderBlock(transaction.message);
    const headers = block.kind === 'headers' ? block.headers : [];
    const subject = header(headers, 'subject');
    const email: Email = {
      channel: 'email', provider: 'smtp', operation: 'mail', liveness: 'unknown',
      recipients: [...recipientsOf(transaction, headers), ...block.kind === 'unreadable' && beginsWithField(transaction.message) ? [hidden(block.why)] : []],
      keys: keysOf(headers),
      from: senderOf(headers) ?? (transaction.from.address === '' ? null : transaction.from.address),
      subject: subject === null ? null : decodeWords(headerText(subject)),
      text: null, html: null, attachments: [], template: null,
    };
    return { kind: 'effects', effects: [email] };
  },

  async simulate(_transaction, _decoded, context) {
    return { reply: { kind: 'smtp', code: 250, enhanced: '2.0.0', text: `captured ${context.capture}` } };
  },

  reject(_transaction, { rule, reason }) {
    // One line: a line end inside would be read as another reply.
    return { kind: 'smtp', code: 550, enhanced: '5.7.1', text: `${rule}: ${reason}`.replaceAll(/\s+/g, ' ') };
  },

  rewrite: rewriteMail,
  said: saidByMail,
} as const satisfies MailProvider;

/** Mail services take further recipients from these, should the message be passed on to one. */
const serviceHeaders = ['x-smtpapi', 'x-mc-bccaddress', 'x-msys-api'];

/**
 * RCPT first (role 'envelope'), then its ORCPT where that is another, then whoever the header names and the envelope does not, with the header's name as role.
 * An address in both appears once, as 'envelope'. A header that is no address list stays one addressee with its raw text,
 * which nobody will judge to be an address, beside whoever can be made out in it.
 */
function recipientsOf({ to }: MailTransaction, headers: Headers): readonly Addressee[] {
  const recipients = to.map(({ address }): Addressee => ({ address: trimmed(address), kind: 'email', role: 'envelope' }));
  const seen = new Set(recipients.map(({ address }) => address.toLowerCase()));
  for (const address of to.flatMap(originalRecipients)) {
    if (seen.has(address.toLowerCase())) continue;
    seen.add(address.toLowerCase());
    recipients.push({ address, kind: 'email', role: 'orcpt' });
  }
  for (const [name, value] of headers) {
    const role = name.toLowerCase();
    if (serviceHeaders.includes(role)) recipients.push({ address: `whoever ${name} names`, kind: 'audience', role });
    if (!addressHeaders.includes(role) || value === '') continue;
    for (const addressee of addressesIn(headerText(value), role)) {
      if (seen.has(addressee.address.toLowerCase())) continue;
      seen.add(addressee.address.toLowerCase());
      recipients.push(addressee);
    }
  }
  return recipients;
}

/** A message whose first line is no field has no header at all: everybody takes it for its body. */
function beginsWithField(message: Uint8Array): boolean {
  return /^[!-9;-~]+[ \t]*:/.test(Buffer.from(message.subarray(0, 1_000)).toString('latin1'));
}

/** A header that breaks off is read on by some software, which then sends to whoever it names. */
function hidden(why: string): Addressee {
  return { address: `whoever the header names: ${why}`, kind: 'audience', role: 'header' };
}

/**
 * ORCPT=rfc822;ann+2Bx@shop.test (RFC 3461 §4.2): delivery reports name this address, and some hops deliver to it. So does any
 * parameter nobody knows that holds an address.
 */
function originalRecipients({ parameters }: MailPath): readonly string[] {
  return parameters
    .map(([name, value]) => [name.toUpperCase(), value.replaceAll(/\+([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))] as const)
    .filter(([name, value]) => name === 'ORCPT' || value.includes('@'))
    .map(([, value]) => value.replace(/^[^;]*;/, ''));
}

function senderOf(headers: Headers): string | null {
  const from = header(headers, 'from');
  const list = from === null ? null : parseAddressList(headerText(from));
  return list?.kind === 'list' ? list.addresses[0]?.address ?? null : null;
}

/** Headers every mailer writes, which say nothing about the application's own objects, and those that may hold a secret. */
const notKeys = /^x-(?:.*(?:auth|key|passw|secret|signature|token).*|mailer|priority|msmail-priority|originating-ip|originating-email|mimeole|spam-.*|report-abuse.*|smtpapi|mc-.*)$/i;

/** `X-Order-Id: 42` is key order_id, `X-Fourthwall-Run: ci-7` is key fourthwall_run. */
function keysOf(headers: Headers): Email['keys'] {
  return headers
    .filter(([name, value]) => /^x-[a-z0-9-]+$/i.test(name) && !notKeys.test(name) && value !== '' && value.length <= 200)
    .slice(0, 50)
    .map(([name, value]) => ({ name: name.slice(2).toLowerCase().replaceAll('-', '_'), value: decodeWords(headerText(value)) }));
}

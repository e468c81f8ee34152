import { readMimeMail } from '../wire/mime-mail.ts';
import type { MimeMail } from '../wire/mime-mail.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import type { Fields } from './fields.ts';

/**
 * The `message` of a messages.mime call: a file part, or a plain field, as mailgun.js writes a string. Mailgun serves `to`; whom the
 * message's own header names besides is somebody too, in a role of his own.
 */
export function readMime({ texts, files }: Fields): MimeMail | Unread {
  const file = files.find(({ name }) => name === 'message')?.bytes;
  const text = texts.find(([name]) => name === 'message')?.[1];
  const message = file ?? (text === undefined ? null : Buffer.from(text, 'utf8'));
  if (message === null) return unreadable('no message');
  // A message that begins with an empty line has no header to some readers, and a late one to others.
  if (/^(?:[ \t]*\r?\n|$)/.test(Buffer.from(message.subarray(0, 200)).toString('latin1'))) return unreadable('message has no header');
  const mail = readMimeMail(message);
  if (mail.kind === 'unreadable') return unreadable(`message: ${mail.why}`);
  return {
    ...mail,
    recipients: mail.recipients.map((each) => ({ ...each, role: `mime:${each.role}` })),
    keys: mail.keys.map(({ name, value }) => ({ name: name === 'mailgun_tag' ? 'tag' : name, value })),
  };
}

import { parseAddressList } from '../../model/address/address-list.ts';
import { textOf } from './fields.ts';
import { invalidRequest } from './error.ts';
import type { PostmarkFault } from './error.ts';
import type { Message } from './message.ts';

/** Why Postmark would not take a message, as far as it is simple and known; null where it would. */
export function messageFault({ body, email }: Message): PostmarkFault | null {
  if (textOf(body, 'From') === null) return invalidRequest("Invalid 'From' value.");
  for (const name of ['From', 'To', 'Cc', 'Bcc']) {
    const wrong = wrongAddress(textOf(body, name) ?? '');
    if (wrong !== null) return invalidRequest(`Invalid '${name}' address: '${wrong}'.`);
  }
  if (email.recipients.length === 0) return invalidRequest('Zero recipients specified');
  if (email.template === null && textOf(body, 'TextBody') === null && textOf(body, 'HtmlBody') === null) return invalidRequest('Provide either email TextBody or HtmlBody or both.');
  return null;
}

/** The first entry that nobody could take for an address. Our own reader of lists is narrower than Postmark's. */
function wrongAddress(list: string): string | null {
  if (list === '' || parseAddressList(list).kind === 'list') return null;
  return list.split(',').map((each) => each.trim()).find((each) => each !== '' && !/[^\s@<]@[^\s@>]/.test(each)) ?? null;
}

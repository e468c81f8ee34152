import type { HttpResponse } from '../../model/exchange.ts';
import type { Liveness } from '../../model/side-effect.ts';
import { formAll } from '../wire/form.ts';
import type { FormField } from '../wire/form.ts';
import { restError } from './error.ts';
import { one } from './route.ts';

/**
 * What Twilio itself refuses at once, as far as it is simple and known. Magic numbers count only where the credential is
 * known to be a test one (https://www.twilio.com/docs/iam/test-credentials); with any other they are ordinary numbers.
 */
export function messageFault(fields: readonly FormField[], liveness: Liveness): HttpResponse | null {
  const to = one(fields, 'To') ?? '';
  const from = one(fields, 'From');
  const body = one(fields, 'Body') ?? '';
  if (liveness === 'test') {
    const magic = magicFault(to, from ?? '');
    if (magic !== null) return magic;
  }
  const digits = to.replaceAll(/\D/g, '').length;
  if (!/^[a-z]+:/i.test(to) && (digits < 7 || digits > 15)) return restError(400, 21211, `Invalid 'To' Phone Number: ${to.replace(/\d{4}$/, 'XXXX')}`);
  if (from === null && one(fields, 'MessagingServiceSid') === null) return restError(400, 21603, "A 'From' phone number is required.");
  if (body === '' && formAll(fields, 'MediaUrl').length === 0 && one(fields, 'ContentSid') === null) return restError(400, 21602, 'Message body is required.');
  return body.length > 1600 ? restError(400, 21617, 'The concatenated message body exceeds the 1600 character limit') : null;
}

const magicFrom: Readonly<Record<string, readonly [code: number, message: string]>> = {
  '+15005550001': [21212, "Invalid 'From' Phone Number: +15005550001"],
  '+15005550007': [21606, "The 'From' phone number provided is not a valid message-capable Twilio phone number"],
  '+15005550008': [21611, "This 'From' number has exceeded the maximum number of queued messages"],
};
const magicTo: Readonly<Record<string, readonly [code: number, message: string]>> = {
  '+15005550001': [21211, "Invalid 'To' Phone Number: +1500555XXXX"],
  '+15005550002': [21612, "The message From/To pair is not routable"],
  '+15005550003': [21408, "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: +1500555XXXX"],
  '+15005550004': [21610, 'Attempt to send to unsubscribed recipient'],
  '+15005550009': [21614, "'To' number is not a valid mobile number"],
};

function magicFault(to: string, from: string): HttpResponse | null {
  const fault = magicFrom[from] ?? (from === '+15005550006' || from === '' ? magicTo[to] : magicFrom['+15005550007']);
  return fault === undefined ? null : restError(400, ...fault);
}

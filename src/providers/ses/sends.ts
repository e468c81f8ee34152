import { parseEmailAddress } from '../../model/address/email-address.ts';
import { asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { trimmed } from '../wire/trim.ts';
import { unreadable } from '../wire/unread.ts';
import { bulkV1, bulkV2, emailV1, emailV2, mail, rawV1, templatedV1 } from './mails.ts';
import { badInput, result } from './operation.ts';
import type { Answered, Answering, Operation } from './operation.ts';
import { senderOf, text } from './parts.ts';
import { answerBulk, answerMail } from './sent.ts';
import { address, identity, v1, v2, verification } from './shapes.ts';

/** Every operation of both APIs that sends a mail. */
export const sends: readonly Operation[] = [
  sending({ name: 'SendEmail', api: 'v1', shape: v1.email }, emailV1),
  sending({ name: 'SendRawEmail', api: 'v1', shape: v1.raw }, rawV1),
  sending({ name: 'SendTemplatedEmail', api: 'v1', shape: v1.templated }, templatedV1),
  sending({ name: 'SendBulkTemplatedEmail', api: 'v1', shape: v1.bulk }, bulkV1, answerBulk),
  sending({ name: 'SendEmail', api: 'v2', method: 'POST', path: /^\/v2\/email\/outbound-emails$/, shape: v2.email }, emailV2),
  sending({ name: 'SendBulkEmail', api: 'v2', method: 'POST', path: /^\/v2\/email\/outbound-bulk-emails$/, shape: v2.bulk }, bulkV2, answerBulk),
  sending({ name: 'SendCustomVerificationEmail', api: 'v1', shape: verification }, verifying('SendCustomVerificationEmail')),
  sending({ name: 'SendCustomVerificationEmail', api: 'v2', method: 'POST', path: /^\/v2\/email\/outbound-custom-verification-emails$/, shape: verification }, verifying('SendCustomVerificationEmail')),
  {
    // It goes to whoever sent the mail that is bounced: SES knows the address, the call does not.
    name: 'SendBounce', api: 'v1', shape: v1.bounce,
    effects: (input) => [mail('SendBounce', {
      recipients: [{ address: `sender of message ${text(input, 'OriginalMessageId') ?? 'unnamed'}`, kind: 'audience', role: 'original-sender' }], from: senderOf(text(input, 'BounceSender')), text: text(input, 'Explanation'),
    })],
    answer: (call) => answerMail(call, mailsOf(call)),
  },
  // Amazon's own mail, which asks whether the address may send.
  { name: 'VerifyEmailIdentity', api: 'v1', shape: address, effects: verifying('VerifyEmailIdentity'), answer: async (call) => asked(call, 'EmailAddress', {}) },
  { name: 'VerifyEmailAddress', api: 'v1', shape: address, effects: verifying('VerifyEmailAddress'), answer: async (call) => asked(call, 'EmailAddress', null) },
  {
    name: 'CreateEmailIdentity', api: 'v2', method: 'POST', path: /^\/v2\/email\/identities$/, shape: identity,
    effects: (input) => text(input, 'EmailIdentity')?.includes('@') === true ? verifying('CreateEmailIdentity', 'EmailIdentity')(input, []) : unreadable('a domain is not set up here; only an address can be asked for'),
    answer: async (call) => asked(call, 'EmailIdentity', { IdentityType: 'EMAIL_ADDRESS', VerifiedForSendingStatus: false, DkimAttributes: { SigningEnabled: false, Status: 'NOT_STARTED', Tokens: [] } }),
  },
];

function sending(operation: Pick<Operation, 'name' | 'api' | 'method' | 'path' | 'shape'>, effects: NonNullable<Operation['effects']>, answer: typeof answerMail = answerMail): Operation {
  return { ...operation, effects, answer: (call) => answer(call, mailsOf(call)) };
}

function mailsOf({ operation, input, ids }: Answering): Parameters<typeof answerMail>[1] {
  const mails = operation.effects?.(input, ids) ?? [];
  return 'kind' in mails ? [] : mails;
}

function verifying(operation: string, name = 'EmailAddress'): NonNullable<Operation['effects']> {
  return (input) => {
    const to = trimmed(asString(field(input, name)) ?? '');
    const template = text(input, 'TemplateName');
    return to === '' ? unreadable(`${name} names nobody`) : [mail(operation, { recipients: [{ address: to, kind: 'email', role: 'to' }], template: template === null ? null : { id: template, data: null } })];
  };
}

function asked({ operation, input }: Answering, name: string, value: JsonObject | null): Answered {
  return parseEmailAddress(text(input, name) ?? '').kind === 'invalid' ? badInput(operation.api, "Missing final '@domain'") : result(value);
}

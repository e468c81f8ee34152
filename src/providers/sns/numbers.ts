import { createHash } from 'node:crypto';
import { fault, result } from '../wire/aws-operation.ts';
import type { AwsOperation } from '../wire/aws-operation.ts';
import type { AwsXml } from '../wire/aws-reply.ts';
import { asArray, asString, field } from '../wire/json.ts';
import { unreadable } from '../wire/unread.ts';
import { invalid, named, pairsOf, silent, text } from './parts.ts';
import { shapes } from './shapes.ts';

interface StoredNumber { readonly status: 'Pending' | 'Verified' }

/** Numbers that want no messages, the account's SMS settings, and the numbers a sandbox may write to. The account is out of it. */
export const numbers: readonly AwsOperation[] = [
  { name: 'CheckIfPhoneNumberIsOptedOut', shape: shapes.phoneNumber, answer: async ({ input, context }) => named(input, 'phoneNumber') === null ? invalid('phoneNumber') : result({ isOptedOut: await context.recall('opted-out', named(input, 'phoneNumber') ?? '') !== null }) },
  { name: 'ListPhoneNumbersOptedOut', shape: shapes.page, answer: async ({ context }) => result({ phoneNumbers: (await context.list('opted-out', { limit: 1000 })).items.map(({ id }) => id) }) },
  {
    name: 'OptInPhoneNumber', shape: shapes.phoneNumber, effects: (input) => named(input, 'phoneNumber') === null ? unreadable('it names no number') : silent('OptInPhoneNumber'),
    answer: async ({ input, context }) => {
      const known = await context.recall('opted-out', named(input, 'phoneNumber') ?? '');
      return result({}, known === null ? {} : { remember: [{ kind: 'opted-out', id: known.id, expectVersion: known.version, value: null }] });
    },
  },
  {
    name: 'SetSMSAttributes', shape: shapes.setSmsAttributes, effects: () => silent('SetSMSAttributes'),
    answer: async ({ input, context }) => {
      const known = await context.recall('sms-attributes', 'account');
      return result({}, { remember: [{ kind: 'sms-attributes', id: 'account', expectVersion: known?.version ?? 0, value: { ...known?.value as object | undefined, ...pairsOf(field(input, 'attributes')) } }] });
    },
  },
  {
    name: 'GetSMSAttributes', shape: shapes.getSmsAttributes,
    answer: async ({ input, context }) => {
      const asked = (asArray(field(input, 'attributes')) ?? []).map(asString);
      const all = Object.entries({ MonthlySpendLimit: '1', DefaultSMSType: 'Promotional', ...(await context.recall('sms-attributes', 'account'))?.value as Readonly<Record<string, string>> | undefined });
      return result({ attributes: new Map<string, AwsXml>(all.filter(([name]) => asked.length === 0 || asked.includes(name))) });
    },
  },
  { name: 'GetSMSSandboxAccountStatus', shape: { fields: {} }, answer: async () => result({ IsInSandbox: false }) },
  { name: 'ListOriginationNumbers', shape: shapes.page, answer: async () => result({ PhoneNumbers: [] }) },
  {
    // Amazon sends the number a one-time password.
    name: 'CreateSMSSandboxPhoneNumber', shape: shapes.sandboxNumber,
    effects: (input) => {
      const phone = named(input, 'PhoneNumber');
      return phone === null ? unreadable('it names no number') : [{
        channel: 'verification', provider: 'sns', operation: 'CreateSMSSandboxPhoneNumber', liveness: 'unknown', keys: [], recipients: [{ address: phone, kind: 'phone', role: 'to' }], by: 'sms', code: passwordOf(phone),
      }];
    },
    answer: async ({ input, context }) => {
      const id = named(input, 'PhoneNumber') ?? '';
      const value: StoredNumber = { status: 'Pending' };
      return result({}, { remember: [{ kind: 'sandbox-number', id, expectVersion: (await context.recall('sandbox-number', id))?.version ?? 0, value }] });
    },
  },
  {
    name: 'VerifySMSSandboxPhoneNumber', shape: shapes.verifySandboxNumber, effects: () => silent('VerifySMSSandboxPhoneNumber'),
    answer: async ({ input, context }) => {
      const known = await context.recall('sandbox-number', named(input, 'PhoneNumber') ?? '');
      if (known === null) return fault(404, 'ResourceNotFound', 'The phone number does not exist');
      const value: StoredNumber = { status: 'Verified' };
      return text(input, 'OneTimePassword') === passwordOf(known.id) ? result({}, { remember: [{ kind: 'sandbox-number', id: known.id, expectVersion: known.version, value }] })
        : fault(400, 'VerificationException', 'The one-time password is not valid');
    },
  },
  {
    name: 'DeleteSMSSandboxPhoneNumber', shape: shapes.sandboxNumber, effects: () => silent('DeleteSMSSandboxPhoneNumber'),
    answer: async ({ input, context }) => {
      const known = await context.recall('sandbox-number', named(input, 'PhoneNumber') ?? '');
      return known === null ? fault(404, 'ResourceNotFound', 'The phone number does not exist') : result({}, { remember: [{ kind: 'sandbox-number', id: known.id, expectVersion: known.version, value: null }] });
    },
  },
  { name: 'ListSMSSandboxPhoneNumbers', shape: shapes.page, answer: async ({ context }) => result({ PhoneNumbers: (await context.list('sandbox-number', { limit: 1000 })).items.map(({ id, value }) => ({ PhoneNumber: id, Status: (value as StoredNumber).status })) }) },
];

/** Follows from the number, so that a tester reads it off the capture. */
function passwordOf(phone: string): string {
  return String(createHash('sha256').update(`sns ${phone}`).digest().readUInt32BE(0) % 1_000_000).padStart(6, '0');
}

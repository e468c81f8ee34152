import { createHash } from 'node:crypto';
import { parsePhone } from '../../model/address/phone.ts';
import type { SimulationContext } from '../../model/provider.ts';
import type { Decoded, Verification } from '../../model/side-effect.ts';
import { awsAccountId, awsRegion } from '../wire/aws-host.ts';
import { result } from '../wire/aws-operation.ts';
import type { AwsAnswered, AwsAnswering, AwsOperation } from '../wire/aws-operation.ts';
import type { AwsXml } from '../wire/aws-reply.ts';
import { asArray, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { unreadable } from '../wire/unread.ts';
import { conflict, invalid, keysOf, named, notFound, silent } from './parts.ts';
import { shapes } from './shapes.ts';

interface StoredNumber { readonly arn: string; readonly id: string; readonly phone: string; readonly status: 'PENDING' | 'VERIFIED'; readonly created: number; readonly code: string | null }

/** Numbers that an account in the sandbox may write to, once a code was read back. */
export const verifiedNumbers: readonly AwsOperation[] = [
  {
    name: 'CreateVerifiedDestinationNumber', shape: shapes.createNumber, effects: (input) => named(input, 'DestinationPhoneNumber') === null ? unreadable('it names no number') : silent('CreateVerifiedDestinationNumber'),
    answer: async ({ request, input, context }) => {
      const phone = named(input, 'DestinationPhoneNumber') ?? '';
      if (parsePhone(phone).kind === 'invalid') return invalid('INVALID_PARAMETER', `DestinationPhoneNumber ${phone} is not a phone number in E.164 format`);
      if ((await all(context)).some((each) => each.phone === phone)) return conflict('RESOURCE_ALREADY_EXISTS', 'The destination phone number already exists');
      const id = context.id('verified-', { length: 32, alphabet: 'hex' });
      const stored: StoredNumber = { arn: `arn:aws:sms-voice:${awsRegion(request)}:${awsAccountId(request)}:verified-destination-number/${id}`, id, phone, status: 'PENDING', created: context.now, code: null };
      return result({ ...shown(stored), Tags: [] }, keep(stored, 0));
    },
  },
  {
    name: 'SendDestinationNumberVerificationCode', shape: shapes.sendCode,
    // The number stands at AWS: see `recalledCode`.
    effects: (input) => named(input, 'VerifiedDestinationNumberId') === null ? unreadable('it names no number') : [verification(input, null)],
    answer: (call) => known(call, (stored, version) => stored.status === 'VERIFIED' ? conflict('VERIFICATION_ALREADY_COMPLETE', 'The number is verified already') : result({ MessageId: call.context.uuid() }, keep({ ...stored, code: codeOf(stored.id) }, version))),
  },
  {
    name: 'VerifyDestinationNumber', shape: shapes.verify, effects: () => silent('VerifyDestinationNumber'),
    answer: (call) => known(call, (stored, version) => {
      if (stored.code === null || named(call.input, 'VerificationCode') !== stored.code) return invalid('VERIFICATION_CODE_MISMATCH', 'The verification code is not the one that was sent');
      const verified: StoredNumber = { ...stored, status: 'VERIFIED' };
      return result(shown(verified), keep(verified, version));
    }),
  },
  {
    name: 'DeleteVerifiedDestinationNumber', shape: shapes.number, effects: () => silent('DeleteVerifiedDestinationNumber'),
    answer: (call) => known(call, (stored, version) => result(shown(stored), { remember: [{ kind: 'verified-number', id: stored.id, expectVersion: version, value: null }] })),
  },
  {
    name: 'DescribeVerifiedDestinationNumbers', shape: shapes.numbers,
    answer: async ({ input, context }) => {
      const [ids, phones] = ['VerifiedDestinationNumberIds', 'DestinationPhoneNumbers'].map((name) => (asArray(field(input, name)) ?? []).map(asString));
      const chosen = (await all(context)).filter(({ id, arn, phone }) => (ids!.length === 0 || ids!.includes(id) || ids!.includes(arn)) && (phones!.length === 0 || phones!.includes(phone)));
      return result({ VerifiedDestinationNumbers: chosen.map(shown) });
    },
  },
];

/** The call told with the number that its id stands for; decoded as it was where that is not known. */
export async function recalledCode(input: JsonObject, decoded: Decoded, context: Pick<SimulationContext, 'recall'>): Promise<Decoded> {
  const stored = (await context.recall('verified-number', idOf(input)))?.value as StoredNumber | undefined;
  if (stored === undefined || decoded.kind !== 'effects') return decoded;
  const [first, ...others] = decoded.effects.flatMap(({ recipients }) => recipients);
  const effect = verification(input, stored);
  return first === undefined ? decoded : { ...decoded, effects: [{ ...effect, recipients: [...effect.recipients, ...others] }] };
}

function verification(input: JsonObject, stored: StoredNumber | null): Verification {
  return {
    channel: 'verification', provider: 'aws-sms', operation: 'SendDestinationNumberVerificationCode', liveness: 'unknown', keys: keysOf(input),
    recipients: [stored === null ? { address: named(input, 'VerifiedDestinationNumberId') ?? '', kind: 'audience', role: 'verified-destination-number' } : { address: stored.phone, kind: 'phone', role: 'to' }],
    by: named(input, 'VerificationChannel') === 'VOICE' ? 'call' : 'sms', code: codeOf(idOf(input)),
  };
}

/** Follows from the id, so that a tester reads it off the capture. */
function codeOf(id: string): string {
  return String(createHash('sha256').update(`aws-sms ${id}`).digest().readUInt32BE(0) % 1_000_000).padStart(6, '0');
}

/** An id or its ARN. */
function idOf(input: JsonObject): string {
  return (named(input, 'VerifiedDestinationNumberId') ?? '').split('/').at(-1) ?? '';
}

async function all(context: SimulationContext): Promise<readonly StoredNumber[]> {
  return (await context.list('verified-number', { limit: 1000 })).items.map(({ value }) => value as StoredNumber);
}

async function known({ input, context }: AwsAnswering, then: (stored: StoredNumber, version: number) => AwsAnswered): Promise<AwsAnswered> {
  const before = await context.recall('verified-number', idOf(input));
  return before === null ? notFound('verified-destination-number', idOf(input)) : then(before.value as StoredNumber, before.version);
}

function keep(value: StoredNumber, expectVersion: number) {
  return { remember: [{ kind: 'verified-number', id: value.id, expectVersion, value }] };
}

function shown({ arn, id, phone, status, created }: StoredNumber): { readonly [name: string]: AwsXml } {
  return { VerifiedDestinationNumberArn: arn, VerifiedDestinationNumberId: id, DestinationPhoneNumber: phone, Status: status, CreatedTimestamp: created / 1000 };
}

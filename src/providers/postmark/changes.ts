import type { HttpResponse } from '../../model/exchange.ts';
import type { Remember, Simulation, SimulationContext } from '../../model/provider.ts';
import type { Addressee } from '../../model/recipient.ts';
import { trimmed } from '../wire/trim.ts';
import { asArray, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { jsonReply } from '../wire/reply.ts';
import { errorReply } from './error.ts';
import { spelt, textOf } from './fields.ts';
import { rememberSuppression, suppressionId, time } from './stored.ts';
import type { Suppression } from './stored.ts';

export interface ChangeCall {
  readonly body: JsonObject;
  readonly ids: readonly string[];
  readonly context: SimulationContext;
}

/** A call that changes what Postmark keeps, or mails somebody beside the messages. */
export interface ChangeRoute {
  readonly kind: 'change';
  readonly method: 'POST' | 'PUT';
  readonly path: RegExp;
  readonly operation: string;
  /** null: the body does not tell whom it is about */
  recipients(body: JsonObject, ids: readonly string[]): readonly Addressee[] | null;
  answer(call: ChangeCall): Promise<Simulation<HttpResponse>>;
}

export const changeRoutes: readonly ChangeRoute[] = [
  {
    kind: 'change', method: 'POST', path: /^\/message-streams\/([A-Za-z0-9-]+)\/suppressions\/?$/i, operation: 'suppressions.create',
    recipients: (body) => (addressesOf(body) === null ? null : []),
    answer: async ({ body, ids: [stream = ''], context }) => {
      const addresses = addressesOf(body) ?? [];
      const remember: Remember[] = [];
      for (const EmailAddress of addresses) remember.push(await rememberSuppression(stream, { EmailAddress, SuppressionReason: 'ManualSuppression', Origin: 'Customer', CreatedAt: time(context.now) }, context));
      return { reply: jsonReply(200, { Suppressions: addresses.map((EmailAddress) => ({ EmailAddress, Status: 'Suppressed', Message: null })) }), remember };
    },
  },
  {
    kind: 'change', method: 'POST', path: /^\/message-streams\/([A-Za-z0-9-]+)\/suppressions\/delete\/?$/i, operation: 'suppressions.delete',
    recipients: (body) => (addressesOf(body) === null ? null : []),
    answer: async ({ body, ids: [stream = ''], context }) => {
      const remember: Remember[] = [];
      const Suppressions: object[] = [];
      for (const EmailAddress of addressesOf(body) ?? []) {
        const id = suppressionId(stream, EmailAddress);
        const known = await context.recall('suppression', id);
        // Postmark keeps complaints for good.
        if (known !== null && (known.value as Suppression).SuppressionReason === 'SpamComplaint') {
          Suppressions.push({ EmailAddress, Status: 'Failed', Message: 'You do not have the required authority to change this suppression.' });
          continue;
        }
        if (known !== null) remember.push({ kind: 'suppression', id, expectVersion: known.version, value: null });
        Suppressions.push({ EmailAddress, Status: 'Deleted', Message: null });
      }
      return { reply: jsonReply(200, { Suppressions }), remember };
    },
  },
  {
    kind: 'change', method: 'PUT', path: /^\/bounces\/([0-9]+)\/activate\/?$/i, operation: 'bounces.activate',
    recipients: () => [],
    answer: async ({ ids: [id = ''], context }) => {
      const known = await context.recall('bounce', id);
      if (known === null) return { reply: errorReply(404, { ErrorCode: 404, Message: 'The requested resource was not found.' }) };
      const bounce = { ...known.value as { readonly Email: string; readonly MessageStream: string }, Inactive: false };
      const suppression = await context.recall('suppression', suppressionId(bounce.MessageStream, bounce.Email));
      return {
        reply: jsonReply(200, { Message: 'OK', Bounce: bounce }),
        remember: [
          { kind: 'bounce', id, expectVersion: known.version, value: bounce },
          ...(suppression === null ? [] : [{ kind: 'suppression', id: suppression.id, expectVersion: suppression.version, value: null }]),
        ],
      };
    },
  },
  {
    // Postmark asks the new sender by mail to confirm.
    kind: 'change', method: 'POST', path: /^\/senders\/?$/i, operation: 'senders.create',
    recipients: (body) => {
      const address = trimmed(textOf(body, 'FromEmail') ?? '');
      return address === '' ? null : [{ address, kind: 'email', role: 'to' }];
    },
    answer: async ({ body, context }) => {
      const address = trimmed(textOf(body, 'FromEmail') ?? '');
      const value = {
        Domain: address.split('@')[1] ?? '', EmailAddress: address, ReplyToEmailAddress: textOf(body, 'ReplyToEmail') ?? '', Name: textOf(body, 'Name') ?? '',
        Confirmed: false, ID: Number(context.id('1', { length: 6, alphabet: 'digits' })),
      };
      return { reply: jsonReply(200, value), remember: [{ kind: 'sender', id: String(value.ID), expectVersion: 0, value }] };
    },
  },
  {
    kind: 'change', method: 'POST', path: /^\/senders\/([0-9]+)\/resend\/?$/i, operation: 'senders.resend',
    recipients: (_body, [id = '']) => [{ address: `sender signature ${id}`, kind: 'audience', role: 'audience' }],
    answer: async () => ({ reply: jsonReply(200, { ErrorCode: 0, Message: 'Confirmation email for Sender Signature was re-sent.' }) }),
  },
];

/** Null where the body is no list of addresses. */
function addressesOf(body: JsonObject): readonly string[] | null {
  const addresses = (asArray(field(body, 'Suppressions')) ?? []).map((each) => {
    const read = spelt(each);
    return read.kind === 'object' ? asString(field(read.object, 'EmailAddress')) : null;
  });
  return addresses.length === 0 || addresses.includes(null) ? null : addresses.map((address) => trimmed(address ?? ''));
}

import { silent } from './mails.ts';
import { pathId } from './call.ts';
import { fault, result } from './operation.ts';
import type { Answered, Answering, Operation } from './operation.ts';
import { text } from './parts.ts';
import { noInput, v2 } from './shapes.ts';
import { unreadable } from '../wire/unread.ts';

const path = '/v2/email/suppression/addresses';

interface Suppressed { readonly EmailAddress: string; readonly Reason: string; readonly LastUpdateTime: number }

/** The account's suppression list, remembered: a mail to somebody on it bounces. */
export const suppression: readonly Operation[] = [
  {
    name: 'PutSuppressedDestination', api: 'v2', method: 'PUT', path: new RegExp(`^${path}$`), shape: v2.suppress,
    effects: (input) => text(input, 'EmailAddress') === null || !['BOUNCE', 'COMPLAINT'].includes(text(input, 'Reason') ?? '') ? unreadable('it has no EmailAddress, or its Reason is not BOUNCE or COMPLAINT') : silent('PutSuppressedDestination'),
    answer: async ({ input, context }) => {
      const value: Suppressed = { EmailAddress: text(input, 'EmailAddress') ?? '', Reason: text(input, 'Reason') ?? 'BOUNCE', LastUpdateTime: Math.floor(context.now / 1000) };
      const id = value.EmailAddress.toLowerCase();
      return result({}, { remember: [{ kind: 'suppressed', id, expectVersion: (await context.recall('suppressed', id))?.version ?? 0, value }] });
    },
  },
  {
    name: 'DeleteSuppressedDestination', api: 'v2', method: 'DELETE', path: new RegExp(`^${path}/${pathId}$`), shape: noInput,
    effects: () => silent('DeleteSuppressedDestination'),
    answer: (call) => onList(call, (_value, id, version) => result({}, { remember: [{ kind: 'suppressed', id, expectVersion: version, value: null }] })),
  },
  {
    name: 'GetSuppressedDestination', api: 'v2', method: 'GET', path: new RegExp(`^${path}/${pathId}$`), shape: noInput,
    answer: (call) => onList(call, (value) => result({ SuppressedDestination: { ...value } })),
  },
  {
    name: 'ListSuppressedDestinations', api: 'v2', method: 'GET', path: new RegExp(`^${path}$`), shape: noInput,
    answer: async ({ context }) => result({ SuppressedDestinationSummaries: (await context.list('suppressed', { limit: 1000 })).items.map(({ value }) => ({ ...value as Suppressed })) }),
  },
];

async function onList({ ids: [address = ''], context }: Answering, then: (value: Suppressed, id: string, version: number) => Answered): Promise<Answered> {
  const known = await context.recall('suppressed', address.toLowerCase());
  return known === null ? fault(404, 'NotFoundException', `Email address ${address} does not exist on your suppression list.`) : then(known.value as Suppressed, known.id, known.version);
}

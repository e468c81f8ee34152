import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { currencyOf } from './amount.ts';
import { invalid, notFound } from './errors.ts';
import { listed } from './list.ts';
import { iso, metadataOf, nothing, operation, text } from './operation.ts';
import type { Work } from './operation.ts';

export interface Recipient { readonly view: JsonObject }

const one = /^\/transferrecipient\/(RCP_[A-Za-z0-9]{1,40})$/;

/** Where money goes to. Nothing moves before a transfer. */
export const recipientRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/transferrecipient$/, operation: 'transferrecipient.create', effect: (body) => ({ ...nothing, customer: text(body, 'name'), description: text(body, 'description') }),
    run: async (work) => {
      const { body, now, domain } = work;
      const type = text(body, 'type');
      for (const name of type === 'authorization' ? ['type', 'name', 'email', 'authorization_code'] : ['type', 'name', 'account_number', 'bank_code']) if (text(body, name) === null) throw invalid(`${name} is required`, 'missing_params');
      const view = {
        active: true, createdAt: iso(now), currency: currencyOf(body) ?? 'NGN', description: text(body, 'description'), domain, email: text(body, 'email'), id: work.number(), integration: 100_043,
        metadata: metadataOf(field(body, 'metadata')), name: text(body, 'name'), recipient_code: work.code('RCP_'), type, updatedAt: iso(now), is_deleted: false, isDeleted: false,
        details: { authorization_code: text(body, 'authorization_code'), account_number: text(body, 'account_number'), account_name: text(body, 'name'), bank_code: text(body, 'bank_code'), bank_name: 'Test Bank' },
      } satisfies JsonObject;
      work.ledger.save('recipient', view.recipient_code, { view });
      return { status: 201, message: 'Transfer recipient created successfully', data: view };
    },
  }),
  operation({ method: 'GET', path: /^\/transferrecipient$/, operation: 'transferrecipient.list', run: (work) => listed(work, { kind: 'recipient', message: 'Recipients retrieved' }) }),
  operation({ method: 'GET', path: one, operation: 'transferrecipient.fetch', run: async (work) => ({ message: 'Recipient retrieved', data: (await recipientOf(work, work.call.ids[0]!)).view }) }),
  operation({
    method: 'PUT', path: one, operation: 'transferrecipient.update', effect: (_, { ids }) => ({ ...nothing, customer: ids[0]!, object: ids[0]! }),
    run: async (work) => {
      const { view } = await recipientOf(work, work.call.ids[0]!);
      const changes = Object.fromEntries(['name', 'email'].flatMap((name) => text(work.body, name) === null ? [] : [[name, text(work.body, name)]]));
      const after = { ...view, ...changes, updatedAt: iso(work.now) };
      work.ledger.save('recipient', work.call.ids[0]!, { view: after });
      return { message: 'Recipient updated', data: after };
    },
  }),
  operation({
    method: 'DELETE', path: one, operation: 'transferrecipient.delete', effect: (_, { ids }) => ({ ...nothing, customer: ids[0]!, object: ids[0]! }),
    run: async (work) => {
      const { view } = await recipientOf(work, work.call.ids[0]!);
      work.ledger.save('recipient', work.call.ids[0]!, { view: { ...view, active: false, is_deleted: true, isDeleted: true } });
      return { message: 'Transfer recipient set as inactive', data: null };
    },
  }),
];

export async function recipientOf(work: Work, code: string): Promise<Recipient> {
  const found = await work.ledger.find<Recipient>('recipient', code);
  if (found !== null && asObject(found.view)?.['is_deleted'] !== true) return found;
  if (found === null && work.context.unknownIds === 'adopt' && /^RCP_[A-Za-z0-9]{1,40}$/.test(code)) {
    const adopted: Recipient = { view: recipientView(code, { domain: work.domain, createdAt: iso(work.now) }) };
    work.ledger.save('recipient', code, adopted);
    return adopted;
  }
  throw notFound('Recipient', 'recipient_not_found');
}

/** One that was always there. */
export function recipientView(code: string, given: JsonObject): JsonObject {
  return {
    active: true, currency: 'NGN', description: null, domain: 'test', email: null, id: 4_000_000_001, integration: 100_043, metadata: null, name: 'Fourthwall Test', type: 'nuban', createdAt: '2024-01-01T00:00:00.000Z',
    updatedAt: '2024-01-01T00:00:00.000Z', is_deleted: false, isDeleted: false, details: { authorization_code: null, account_number: '0000000000', account_name: null, bank_code: '057', bank_name: 'Test Bank' }, ...given, recipient_code: code,
  };
}

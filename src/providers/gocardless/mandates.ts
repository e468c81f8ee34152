import type { JsonRoute } from '../wire/json-api.ts';
import { requireCustomer } from './customers.ts';
import { invalid, notFound, wrongState } from './errors.ts';
import { byField, byLink, listed } from './list.ts';
import { isAlive, mandateBecomes, newMandate, requireMandate, showMandate, tellMandate } from './mandate.ts';
import { linkOf, schemes, some, textOf } from './objects.ts';
import type { View } from './objects.ts';
import { action, one, operation } from './operation.ts';
import type { Answer, Work } from './operation.ts';

const shown = (work: Work, mandate: View, status = 200): Answer => ({ status, body: { mandates: showMandate(mandate, work.now) } });
const named = (work: Work): Promise<View> => requireMandate(work, work.call.ids[0]!);

async function create(work: Work): Promise<Answer> {
  const { body, ledger } = work;
  const id = linkOf(body, 'customer_bank_account');
  if (id === null) throw invalid('/mandates/links/customer_bank_account', "can't be blank");
  const account = await ledger.find<View>('customer_bank_account', id);
  if (account === null) throw notFound();
  if (account['enabled'] !== true) throw wrongState('bank_account_disabled', 'Bank account is disabled');
  await requireCustomer(work, linkOf(account, 'customer')!);
  const scheme = textOf(body, 'scheme');
  if (scheme !== null && !Object.values(schemes).includes(scheme)) throw invalid('/mandates/scheme', 'is not included in the list');
  const mandate = newMandate(work, { account, scheme, given: body });
  tellMandate(work, mandate, 'created');
  return shown(work, mandate, 201);
}

export const mandateRoutes: readonly JsonRoute[] = [
  operation({ method: 'POST', path: /^\/mandates$/, operation: 'mandates.create', envelope: 'mandates', once: true, effect: (body) => ({ object: linkOf(body, 'customer_bank_account'), method: textOf(body, 'scheme'), customer: linkOf(body, 'customer') }), run: create }),
  operation({
    method: 'GET', path: /^\/mandates$/, operation: 'mandates.list',
    run: (work) => listed(work, {
      kind: 'mandate', collection: 'mandates', show: (view) => showMandate(view, work.now),
      filters: { customer: byLink('customer'), customer_bank_account: byLink('customer_bank_account'), creditor: byLink('creditor'), reference: byField('reference'), scheme: byField('scheme'), status: byField('status') },
    }),
  }),
  operation({ method: 'GET', path: one('mandates', 'MD'), operation: 'mandates.get', run: async (work) => shown(work, await named(work)) }),
  operation({
    method: 'PUT', path: one('mandates', 'MD'), operation: 'mandates.update', envelope: 'mandates', effect: () => ({}),
    run: async (work) => {
      const mandate: View = { ...await named(work), ...some(work.body, ['metadata']) };
      work.ledger.save('mandate', mandate.id, mandate);
      return shown(work, mandate);
    },
  }),
  operation({
    method: 'POST', path: action('mandates', 'MD', 'cancel'), operation: 'mandates.cancel', effect: () => ({}),
    run: async (work) => {
      const mandate = await named(work);
      if (!isAlive(mandate)) throw wrongState('cancellation_failed', 'This mandate could not be cancelled');
      return shown(work, await mandateBecomes(work, mandate, 'cancelled', 'cancelled', { origin: 'api', cause: 'mandate_cancelled', description: 'The mandate was cancelled at your request.' }));
    },
  }),
  operation({
    method: 'POST', path: action('mandates', 'MD', 'reinstate'), operation: 'mandates.reinstate', effect: () => ({}),
    run: async (work) => {
      const mandate = await named(work);
      if (isAlive(mandate)) throw wrongState('mandate_not_inactive', 'Mandate is already active or being submitted');
      return shown(work, await mandateBecomes(work, mandate, 'pending_submission', 'reinstated'));
    },
  }),
];

import type { JsonObject } from '../../wire/json.ts';
import { invalid, notFound } from '../errors.ts';
import { created, listPage, pageParams } from '../list.ts';
import { nested } from '../nested.ts';
import { nulls, or, previousOf } from '../object.ts';
import type { StripeObject } from '../object.ts';
import { ok, operation } from '../operation.ts';
import type { Family } from '../operation.ts';
import { currency, email, hash, ignored, integer, mergeMetadata, metadata, oneOf, text } from '../params.ts';
import type { Work } from '../work.ts';
import { capabilitiesOf, controllerOf, standing } from './account-standing.ts';
import type { Account } from './account-standing.ts';

/** The caller's own account: made up from its key, so that it is always the same one. */
function own(work: Work): StripeObject {
  return {
    id: work.account, object: 'account', business_profile: null, business_type: 'company', capabilities: { card_payments: 'active', transfers: 'active' },
    charges_enabled: true, country: 'US', default_currency: 'usd', details_submitted: true, email: null, metadata: {}, payouts_enabled: true,
    settings: null, type: 'standard',
  };
}

/** What is told of the people and banks behind an account (individual, external_account, documents) is taken, and never kept. */
const shared = {
  business_profile: hash, business_type: oneOf('company', 'government_entity', 'individual', 'non_profit'), capabilities: hash, company: hash, default_currency: currency, email, metadata,
  tos_acceptance: nested({ date: integer({ min: 1 }), ip: text, service_agreement: text, user_agent: text }),
  ...ignored('account_token', 'documents', 'external_account', 'groups', 'individual', 'settings'),
};

const profile = {
  annual_revenue: null, estimated_worker_count: null, mcc: null, minority_owned_business_designation: null, name: null, product_description: null, specified_commercial_transactions_act_url: null,
  support_address: null, support_email: null, support_phone: null, support_url: null, url: null,
} as const;

/** Of a company only what Stripe shows, and no number of it. */
function company(given: JsonObject | null | undefined, before: JsonObject | undefined): JsonObject | undefined {
  if (!given) return before;
  const { name, phone, structure } = nulls(given);
  return {
    ...before, ...(name === undefined ? {} : { name }), ...(phone === undefined ? {} : { phone }), ...(structure === undefined ? {} : { structure }),
    tax_id_provided: given['tax_id'] !== undefined || before?.['tax_id_provided'] === true, vat_id_provided: given['vat_id'] !== undefined || before?.['vat_id_provided'] === true,
  };
}

async function pathAccount(work: Work): Promise<Account> {
  const id = work.ids[0]!;
  if (id === work.account) throw invalid('You cannot perform this request as you do not have permission to change your own account through the API.', { param: 'account' });
  const account = await work.find<Account>('account', id);
  if (account === null || account['deleted'] === true) throw notFound('account', id, 'account');
  return account;
}

/** A complete account of another, that may take payments and get transfers. */
export function newAccount(work: Pick<Work, 'id' | 'now' | 'livemode'>, type: string): Account {
  const id = work.id('acct_1', 15);
  return standing({
    id, object: 'account', business_profile: profile, business_type: 'company', capabilities: { card_payments: 'active', transfers: 'active' }, controller: controllerOf(type, null), country: 'US', created: work.now,
    default_currency: 'usd', email: null, external_accounts: { object: 'list', data: [], has_more: false, url: `/v1/accounts/${id}/external_accounts` }, metadata: {}, settings: null,
    tos_acceptance: { date: work.now, ip: null, user_agent: null }, type,
  });
}

export const accounts: Family = {
  kind: 'account',
  prefix: 'acct_',
  index: () => ({}),
  operations: {
    'accounts.retrieve': operation({}, async (_, work) => {
      const id = work.ids[0];
      return ok(id === undefined || id === work.account ? own(work) : await pathAccount(work));
    }),
    'accounts.create': operation({ ...shared, controller: hash, country: text, type: oneOf('custom', 'express', 'standard') }, async (given, work) => {
      if (given.type && given.controller) throw invalid('You may only specify one of these parameters: type, controller.', { code: 'parameters_exclusive', param: 'controller' });
      const id = work.id('acct_1', 15);
      const type = given.type ?? (given.controller ? 'none' : 'standard');
      const card = company(given.company, undefined);
      const account = standing({
        id, object: 'account', business_profile: { ...profile, ...nulls(given.business_profile ?? {}) }, business_type: given.business_type ?? null, capabilities: capabilitiesOf(given.capabilities, {}, type),
        ...(card === undefined ? {} : { company: card }), controller: controllerOf(type, given.controller), country: given.country?.toUpperCase() ?? 'US', created: work.now, default_currency: given.default_currency ?? 'usd',
        email: given.email ?? null, external_accounts: { object: 'list', data: [], has_more: false, url: `/v1/accounts/${id}/external_accounts` }, metadata: mergeMetadata({}, given.metadata), settings: null,
        tos_acceptance: { date: null, ip: null, user_agent: null, ...given.tos_acceptance && present(given.tos_acceptance) }, type,
      });
      work.save(account);
      return ok(account);
    }),
    'accounts.update': operation(shared, async (given, work) => {
      const before = await pathAccount(work);
      const card = company(given.company, before['company'] as JsonObject | undefined);
      const after = standing({
        ...before,
        business_profile: { ...(before['business_profile'] as JsonObject), ...nulls(given.business_profile ?? {}) },
        business_type: or(given.business_type, before['business_type']!),
        capabilities: capabilitiesOf(given.capabilities, before.capabilities, null),
        ...(card === undefined ? {} : { company: card }),
        default_currency: given.default_currency ?? before['default_currency']!,
        email: or(given.email, before['email']!),
        metadata: mergeMetadata(before.metadata, given.metadata),
        tos_acceptance: { ...before.tos_acceptance, ...given.tos_acceptance && present(given.tos_acceptance) },
      });
      work.save(after);
      work.event('account.updated', after, previousOf(before, after));
      return ok(after);
    }),
    'accounts.delete': operation({}, async (_, work) => {
      const { id } = await pathAccount(work);
      const gone = { id, object: 'account', deleted: true } as const;
      work.save(gone);
      return ok(gone);
    }),
    'accounts.list': operation({ ...pageParams, created }, async (given, work) => ok(await listPage(work, {
      kind: 'account', noun: 'account', url: '/v1/accounts', page: given, keep: (account) => account['deleted'] !== true && (given.created?.(account) ?? true),
    }))),
  },
};

function present(given: Readonly<Record<string, string | number | null | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string | number | null] => entry[1] !== undefined));
}

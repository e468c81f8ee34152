import type { JsonRoute } from '../wire/json-api.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { amountOf, minorOf, requireAmount, textOf } from './amount.ts';
import { balanceOf } from './balance.ts';
import { invalid, missing, notFound, PlaidFailure } from './errors.ts';
import { accountOfItem, itemOf } from './item.ts';
import type { Account, Item } from './item.ts';
import { at, operation, some } from './operation.ts';
import type { Work } from './operation.ts';

export interface Authorization {
  readonly id: string;
  readonly decision: 'approved' | 'declined' | 'user_action_required';
  readonly rationale: { readonly code: string; readonly description: string } | null;
  readonly account: string;
  readonly given: JsonObject;
  readonly amount: string;
  readonly currency: string;
  /** the transfer that was made of it */
  readonly transfer: string | null;
  readonly cancelled: boolean;
  readonly createdMs: number;
}

/** Kinds of decline. https://plaid.com/docs/api/products/transfer/initiating-transfers/ */
export const declines = ['NSF', 'RISK', 'TRANSFER_LIMIT_REACHED', 'ADMIN', 'FRAUD'] as const;
const why: Readonly<Record<string, string>> = {
  NSF: 'Transaction has an elevated risk of resulting in a return due to insufficient funds.', RISK: 'Transaction is high-risk.',
  TRANSFER_LIMIT_REACHED: 'One or several transfer limits are reached.', ADMIN: 'Transaction has an elevated risk of resulting in an administrative return.', FRAUD: 'Transaction has an elevated risk of being fraudulent.',
  ITEM_LOGIN_REQUIRED: 'Unable to collect the account information due to Item staleness.',
};

export const rationaleOf = (code: string): NonNullable<Authorization['rationale']> => ({ code, description: why[code] ?? code });

/** As Plaid's sandbox decides: by the balance of the account, where nobody has said otherwise. */
export async function decide(work: Work, { item, account, type, amount }: { readonly item: Item; readonly account: Account; readonly type: string; readonly amount: string }): Promise<Pick<Authorization, 'decision' | 'rationale'>> {
  const declined = (code: string): Pick<Authorization, 'decision' | 'rationale'> => ({ decision: 'declined', rationale: rationaleOf(code) });
  if (work.context.declined !== null) return declined(work.context.declined.code ?? 'NSF');
  if (item.loginRequired) return { decision: 'user_action_required', rationale: rationaleOf('ITEM_LOGIN_REQUIRED') };
  if (type === 'credit') return (await balanceOf(work)).available < minorOf(amount) ? declined('NSF') : { decision: 'approved', rationale: null };
  if (minorOf(account.available) === 0n) return declined('RISK');
  return minorOf(account.available) < minorOf(amount) ? declined('NSF') : { decision: 'approved', rationale: null };
}

export function saveAuthorization({ ledger }: Pick<Work, 'ledger'>, authorization: Authorization): void {
  ledger.save('authorization', authorization.id, authorization);
}

export const methodOf = (body: JsonObject): string | null => {
  const parts = [asString(field(body, 'network')), asString(field(body, 'type')), asString(field(body, 'account_id'))].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(' ');
};

/** The user as Plaid shows it; requireUser's objection where it is none. */
export function userOf(body: JsonObject): JsonObject {
  const user = asObject(field(body, 'user'));
  if (!asString(field(user, 'legal_name'))) throw missing(['user.legal_name']);
  const address = asObject(field(user, 'address'));
  return {
    legal_name: field(user, 'legal_name')!, phone_number: field(user, 'phone_number') ?? null, email_address: field(user, 'email_address') ?? null,
    address: address === null ? null : { street: null, city: null, region: null, postal_code: null, country: null, ...some(address, ['street', 'city', 'region', 'postal_code', 'country']) },
  };
}

/** Words that a transfer is made of, or Plaid's objection. */
export function requireWords(body: JsonObject, networks: readonly string[] = ['ach', 'same-day-ach', 'rtp', 'wire', 'rfp']): { readonly type: string; readonly network: string } {
  const [type, network] = [asString(field(body, 'type')) ?? '', asString(field(body, 'network')) ?? ''];
  if (type !== 'debit' && type !== 'credit') throw invalid('type must be one of debit, credit');
  if (!networks.includes(network)) throw invalid(`network must be one of ${networks.join(', ')}`);
  return { type, network };
}

export const authorizationRoutes: readonly JsonRoute[] = [
  operation({
    path: '/transfer/authorization/create', required: ['access_token', 'account_id', 'type', 'network', 'amount', 'user'], onceMs: 48 * 3600_000,
    // its user may do what is required and come again with the same key
    keeps: ({ authorization }) => field(asObject(authorization), 'decision') !== 'user_action_required',
    // it decides and moves nothing
    effect: (body) => ({ amount: amountOf(body), method: methodOf(body) }),
    run: async (work) => {
      const { body } = work;
      const { type } = requireWords(body);
      const amount = requireAmount(body);
      const user = userOf(body);
      const found = await itemOf(work);
      const account = await accountOfItem(work, found);
      const authorization: Authorization = {
        id: work.context.uuid(), ...await decide(work, { item: found.item, account, type, amount: textOf(amount) }), account: account.id, amount: textOf(amount), currency: amount.currency,
        given: { ...some(body, ['type', 'network', 'ach_class', 'funding_account_id', 'ledger_id', 'origination_account_id', 'originator_client_id', 'credit_funds_source', 'wire_details']), user },
        transfer: null, cancelled: false, createdMs: work.now,
      };
      saveAuthorization(work, authorization);
      return { authorization: showAuthorization(authorization) };
    },
  }),
  operation({
    path: '/transfer/authorization/cancel', required: ['authorization_id'], effect: (body) => ({ object: asString(field(body, 'authorization_id')) }),
    run: async (work) => {
      const authorization = await authorizationOf(work);
      if (authorization.transfer !== null) throw new PlaidFailure('TRANSFER_ERROR', 'TRANSFER_NOT_CANCELLABLE', 'transfer is not cancellable');
      saveAuthorization(work, { ...authorization, cancelled: true });
      return {};
    },
  }),
];

export async function authorizationOf({ ledger, body }: Work): Promise<Authorization> {
  const authorization = await ledger.find<Authorization>('authorization', asString(field(body, 'authorization_id')) ?? '');
  if (authorization === null) throw notFound('authorization');
  return authorization;
}

function showAuthorization({ id, decision, rationale, account, given, amount, currency, createdMs }: Authorization): JsonObject {
  return {
    id, created: at(createdMs), decision, decision_rationale: rationale === null ? null : { ...rationale }, guarantee_decision: null, guarantee_decision_rationale: null, payment_risk: null,
    proposed_transfer: {
      funding_account_id: null, ledger_id: null, origination_account_id: '', originator_client_id: null, credit_funds_source: null, ...given, account_id: account, amount, requested_amount: amount, iso_currency_code: currency,
    },
  };
}

import type { JsonRoute } from '../wire/json-api.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { amountOf, requireAmount, textOf } from './amount.ts';
import { rationaleOf, userOf } from './authorization.ts';
import type { Authorization } from './authorization.ts';
import { invalid, notFound } from './errors.ts';
import { at, operation, some, uuidOf } from './operation.ts';
import type { Books } from './operation.ts';
import type { Environment } from './place.ts';
import { transferFrom } from './transfers.ts';

/** A transfer that the payer confirms in Link. */
export interface Intent {
  readonly id: string;
  readonly given: JsonObject;
  readonly amount: string;
  readonly currency: string;
  readonly status: 'PENDING' | 'SUCCEEDED' | 'FAILED';
  readonly transfer: string | null;
  /** the code of a decline */
  readonly declined: string | null;
  readonly createdMs: number;
}

export const intentRoutes: readonly JsonRoute[] = [
  operation({
    path: '/transfer/intent/create', required: ['mode', 'amount', 'description', 'user'], effect: (body) => ({ amount: amountOf(body), method: asString(field(body, 'network')) }),
    run: async (work) => {
      const { body } = work;
      if (!['PAYMENT', 'DISBURSEMENT'].includes(asString(field(body, 'mode')) ?? '')) throw invalid('mode must be one of PAYMENT, DISBURSEMENT');
      const amount = requireAmount(body);
      const intent: Intent = {
        id: work.context.uuid(), amount: textOf(amount), currency: amount.currency, status: 'PENDING', transfer: null, declined: null, createdMs: work.now,
        given: { ...some(body, ['account_id', 'mode', 'network', 'description', 'ach_class', 'metadata']), user: userOf(body) },
      };
      save(work, intent);
      return { transfer_intent: show(intent) };
    },
  }),
  operation({
    path: '/transfer/intent/get', required: ['transfer_intent_id'],
    run: async (work) => {
      const intent = await work.ledger.find<Intent>('intent', asString(field(work.body, 'transfer_intent_id')) ?? '');
      if (intent === null) throw notFound('transfer intent');
      const decided = intent.status === 'PENDING' ? null : intent.declined === null ? 'APPROVED' : 'DECLINED';
      return {
        transfer_intent: {
          ...show(intent), transfer_id: intent.transfer, failure_reason: intent.status === 'FAILED' ? { error_type: 'TRANSFER_ERROR', error_code: 'TRANSFER_DECLINED', error_message: 'the transfer was declined' } : null,
          authorization_decision: decided, authorization_decision_rationale: intent.declined === null ? null : { ...rationaleOf(intent.declined) }, guarantee_decision: null, guarantee_decision_rationale: null,
        },
      };
    },
  }),
];

function save({ ledger }: Pick<Books, 'ledger'>, intent: Intent): void {
  ledger.save('intent', intent.id, intent);
}

function show({ id, given, amount, currency, status, createdMs }: Intent): JsonObject {
  return { origination_account_id: '', funding_account_id: uuidOf('plaid funding account'), account_id: null, metadata: null, ...given, id, created: at(createdMs), status, amount, iso_currency_code: currency };
}

/** What the payer did in Link: confirmed, or was declined (`code`). */
export async function intentBecame(books: Books & { readonly environment: Environment }, id: string, account: string, code: string | null): Promise<void> {
  const intent = await books.ledger.find<Intent>('intent', id);
  if (intent === null || intent.status !== 'PENDING') return;
  if (code !== null) {
    save(books, { ...intent, status: 'FAILED', declined: code });
    return;
  }
  const given: JsonObject = { type: field(intent.given, 'mode') === 'DISBURSEMENT' ? 'credit' : 'debit', network: asString(field(intent.given, 'network')) ?? 'ach', ...some(intent.given, ['ach_class', 'user']) };
  const authorization: Authorization = { id: books.context.uuid(), decision: 'approved', rationale: null, account: asString(field(intent.given, 'account_id')) ?? account, given, amount: intent.amount, currency: intent.currency, transfer: null, cancelled: false, createdMs: books.now };
  const transfer = await transferFrom(books, authorization, { description: (asString(field(intent.given, 'description')) ?? '').slice(0, 10), amount: intent.amount, metadata: asObject(field(intent.given, 'metadata')) });
  save(books, { ...intent, status: 'SUCCEEDED', transfer: transfer.id });
}

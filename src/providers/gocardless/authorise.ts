import type { JsonObject } from '../wire/json.ts';
import { collectBankAccount, collectCustomer, fulfil, isDone, stepDone } from './billing-request.ts';
import type { BillingRequest } from './billing-request.ts';
import type { Books } from './books.ts';
import { typedAccount } from './flows.ts';
import { linkOf, some } from './objects.ts';
import type { View } from './objects.ts';

/** What the payer does on GoCardless's page, as far as it is not done: says who they are and where their account is, and confirms. */
export async function authoriseRequest(books: Books, request: BillingRequest, typed: JsonObject, fulfils: boolean): Promise<void> {
  let now = request;
  if (!isDone(now, 'collect_customer_details')) now = await collectCustomer(books, now, { given_name: 'Fourthwall', family_name: 'Payer', country_code: 'GB', ...typed }, 'payer');
  const customer = await books.ledger.find<View>('customer', linkOf(request, 'customer') ?? '');
  if (!isDone(now, 'collect_bank_account')) now = await collectBankAccount(books, now, { ...typedAccount, ...some(customer, ['country_code']) }, 'payer');
  if (!isDone(now, 'confirm_payer_details')) now = stepDone(books, now, 'confirm_payer_details', 'payer');
  if (fulfils) await fulfil(books, now, 'payer');
}

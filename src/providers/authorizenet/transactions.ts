import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { moneyAt } from './amount.ts';
import { at, textAt } from './call.ts';
import { notFound } from './errors.ts';
import { shownMethod } from './method.ts';
import { some } from './operation.ts';
import type { Operation, Work } from './operation.ts';
import { within } from './reply.ts';
import type { Nodes } from './reply.ts';
import { transact, transactionTypes } from './transact.ts';
import { findTransaction, showDetails, showSummary, standing } from './transaction.ts';
import type { Transaction } from './transaction.ts';

const request = (body: JsonObject): JsonObject | null => asObject(at(body, 'transactionRequest'));

async function all({ context }: Work): Promise<readonly Transaction[]> {
  const { items } = await context.list('transaction', { where: { all: 'yes' }, limit: 1000 });
  return items.map(({ value }) => standing(value as Transaction, context.now));
}

async function unsettled(work: Work): Promise<{ readonly body: Nodes; readonly message?: { readonly code: string; readonly text: string } }> {
  const found = (await all(work)).filter(({ status }) => ['authorizedPendingCapture', 'capturedPendingSettlement', 'refundPendingSettlement'].includes(status));
  if (found.length === 0) return { body: { totalNumInResultSet: 0 }, message: { code: 'I00004', text: 'No records found.' } };
  const limit = Number(textAt(work.body, 'paging', 'limit') ?? '1000');
  const from = (Number(textAt(work.body, 'paging', 'offset') ?? '1') - 1) * limit;
  return { body: { transactions: within('transaction', found.slice(from, from + limit).map(showSummary)), totalNumInResultSet: found.length } };
}

export const transactionOperations: Readonly<Record<string, Operation>> = {
  createTransactionRequest: {
    name: (body) => {
      const type = textAt(request(body), 'transactionType') ?? '';
      return transactionTypes.includes(type) ? `createTransaction.${type}` : null;
    },
    effect: (body) => {
      const thing = request(body);
      return {
        amount: moneyAt(thing), movesMoney: textAt(thing, 'transactionType') !== 'voidTransaction', customer: textAt(thing, 'profile', 'customerProfileId') ?? textAt(thing, 'customer', 'id') ?? textAt(thing, 'customer', 'email'),
        method: shownMethod(thing), object: textAt(thing, 'refTransId'), description: textAt(thing, 'order', 'description'), keysIn: thing,
      };
    },
    run: (work) => transact(work, { ...request(work.body), ...some(work.body, ['refId']) }),
  },
  getTransactionDetailsRequest: {
    name: () => 'getTransactionDetails',
    run: async (work) => {
      const found = await findTransaction(work, textAt(work.body, 'transId'));
      if (found === null) throw notFound();
      return { body: { transaction: showDetails(found), clientId: textAt(work.body, 'clientId') ?? undefined } };
    },
  },
  getUnsettledTransactionListRequest: { name: () => 'getUnsettledTransactionList', run: unsettled },
  authenticateTestRequest: { name: () => 'authenticateTest', run: async () => ({ body: {} }) },
  getMerchantDetailsRequest: {
    name: () => 'getMerchantDetails',
    run: async (work) => ({
      body: {
        isTestMode: false, processors: within('processor', [{ name: 'First Data Nashville', id: 2, cardTypes: within('cardType', ['A', 'D', 'M', 'V']) }]), merchantName: textAt(asObject(field(work.body, 'merchantAuthentication')), 'name') ?? '', gatewayId: '565697',
        marketTypes: within('marketType', ['eCommerce']), productCodes: within('productCode', ['CNP']), paymentMethods: within('paymentMethod', ['Visa', 'MasterCard', 'Discover', 'AmericanExpress', 'Echeck']), currencies: within('currency', ['USD']),
        publicClientKey: work.context.id('', { length: 64, alphabet: 'base62' }),
      },
    }),
  },
};

import type { JsonRoute } from '../wire/json-api.ts';
import { asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { amountOf, numberOf, requireCurrency, requirePositive, shown } from './amount.ts';
import { balanceById, balancesOf, changed, saveBalance, showBalance, standardBalance, worth } from './balance.ts';
import type { Balance } from './balance.ts';
import { invalid, notFound, WiseFailure } from './errors.ts';
import { idOf, iso, newNumber, operation } from './operation.ts';
import type { Answer, Work } from './operation.ts';
import { convertedBy, isExpired, quoteOf } from './quote.ts';
import { rateOf } from './rate.ts';

const all = /^\/v[34]\/profiles\/([0-9]{1,18})\/balances$/;
const one = /^\/v[34]\/profiles\/([0-9]{1,18})\/balances\/([0-9]{1,18})$/;

export const balanceRoutes: readonly JsonRoute[] = [
  operation({
    method: 'GET', path: all, operation: 'balances.list',
    run: async (work) => {
      const types = work.query['types']?.split(',');
      if (types === undefined) throw new WiseFailure(400, 'MISSING_PARAMETER', "Required request parameter 'types' is not present", 'types');
      return { status: 200, body: (await balancesOf(work, work.call.ids[0]!)).filter(({ type }) => types.includes(type)).map(showBalance) };
    },
  }),
  operation({ method: 'GET', path: one, operation: 'balances.get', run: async (work) => ({ status: 200, body: showBalance(await named(work, work.call.ids[0]!, work.call.ids[1]!)) }) }),
  operation({ method: 'POST', path: all, operation: 'balances.create', once: true, effect: (body) => ({ method: asString(field(body, 'currency')) }), run: open }),
  operation({
    method: 'POST', path: /^\/v2\/profiles\/([0-9]{1,18})\/balance-movements$/, operation: 'balances.move', once: true,
    effect: (body) => ({ amount: amountOf(field(body, 'amount')), movesMoney: true, object: asString(field(body, 'quoteId')) ?? idOf(field(body, 'targetBalanceId')) }),
    run: (work) => ((field(work.body, 'quoteId') ?? null) === null ? move(work) : convert(work)),
  }),
];

async function named(work: Work, profile: string, id: string): Promise<Balance> {
  const balance = await balanceById(work, profile, id);
  if (balance === null) throw notFound('Balance');
  return balance;
}

async function open(work: Work): Promise<Answer> {
  const profile = work.call.ids[0]!;
  const [currency, type, name] = [requireCurrency(work.body, 'currency'), asString(field(work.body, 'type')), asString(field(work.body, 'name'))];
  if (type !== 'STANDARD' && type !== 'SAVINGS') throw invalid('type', 'type must be one of STANDARD, SAVINGS');
  if (type === 'SAVINGS' && !name) throw invalid('name', 'name is required for SAVINGS balances');
  if (type === 'STANDARD' && await standardBalance(work, profile, currency) !== null) throw invalid('currency', 'A STANDARD balance of this currency exists already');
  const balance: Balance = { id: newNumber(work), profile, currency, type, name, minor: '0', createdMs: work.now };
  saveBalance(work, balance);
  return { status: 201, body: showBalance(balance) };
}

/** Between balances of one currency. */
async function move(work: Work): Promise<Answer> {
  const profile = work.call.ids[0]!;
  const amount = requirePositive(amountOf(field(work.body, 'amount')), 'amount');
  const [from, to] = [await sideOf(work, profile, 'sourceBalanceId'), await sideOf(work, profile, 'targetBalanceId')];
  if (from.id === to.id) throw invalid('targetBalanceId', 'sourceBalanceId and targetBalanceId must not be the same');
  if (from.currency !== amount.currency || to.currency !== amount.currency) throw invalid('amount.currency', 'amount.currency must be that of both balances: use quoteId to convert');
  return moved(work, { from, to, out: amount, arriving: amount, type: to.type === 'SAVINGS' ? 'DEPOSIT' : 'WITHDRAWAL', rate: null, fee: null });
}

async function sideOf(work: Work, profile: string, name: string): Promise<Balance> {
  const id = idOf(field(work.body, name));
  if (id === null) throw invalid(name, `${name} is required`);
  return named(work, profile, id);
}

/** At the rate of a quote, from one currency to another. */
async function convert(work: Work): Promise<Answer> {
  const profile = work.call.ids[0]!;
  const quote = await quoteOf(work, asString(field(work.body, 'quoteId')) ?? '');
  if (quote.profile !== profile) throw notFound('Quote');
  if (quote.payOut !== 'BALANCE') throw invalid('quoteId', 'The quote must have been made with payOut BALANCE');
  if (isExpired(quote, work.now)) throw invalid('quoteId', 'The quote has expired');
  const of = async (name: string, currency: string): Promise<Balance> => {
    const balance = (field(work.body, name) ?? null) === null ? await standardBalance(work, profile, currency) : await sideOf(work, profile, name);
    if (balance === null || balance.currency !== currency) throw invalid(name, `There is no ${currency} balance`);
    return balance;
  };
  const { source, target, fee } = convertedBy(quote);
  return moved(work, { from: await of('sourceBalanceId', quote.source), to: await of('targetBalanceId', quote.target), out: source, arriving: target, type: 'CONVERSION', rate: rateOf(quote.source, quote.target), fee: shown(fee) });
}

function moved(work: Work, { from, to, out, arriving, type, rate, fee }: {
  readonly from: Balance; readonly to: Balance; readonly out: ReturnType<typeof worth>; readonly arriving: ReturnType<typeof worth>; readonly type: string; readonly rate: number | null; readonly fee: JsonObject | null;
}): Answer {
  if (BigInt(from.minor) < BigInt(out.minor)) throw new WiseFailure(422, 'balance.insufficient_funds', 'There are not enough funds in the balance', 'sourceBalanceId');
  const after = [changed(work, from, -BigInt(out.minor)), changed(work, to, BigInt(arriving.minor))];
  return {
    status: 201,
    body: {
      id: Number(newNumber(work)), type, state: 'COMPLETED', balancesAfter: after.map((each) => ({ id: Number(each.id), value: numberOf(worth(each)), currency: each.currency })), creationTime: iso(work.now), steps: [],
      sourceAmount: shown(out), targetAmount: shown(arriving), rate, feeAmounts: fee === null ? [] : [fee],
    },
  };
}

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { desk } from './desk.ts';
import type { Shown } from './desk.ts';

const resources = join(dirname(createRequire(import.meta.url).resolve('stripe')), 'resources');

interface Property { readonly name: string; readonly optional: boolean; readonly type: string }

/** The properties of an interface in one of the SDK's declaration files; `path` leads through its namespaces. */
function properties(file: string, path: readonly string[]): readonly Property[] | null {
  let source = readFileSync(join(resources, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
  for (const name of path.slice(0, -1)) {
    const inside = block(source, new RegExp(`namespace ${name} \\{`));
    if (inside === null) return null;
    source = inside;
  }
  const body = block(source, new RegExp(`interface ${path.at(-1)!}(?: extends [^{]*)? \\{`));
  if (body === null) return null;
  let depth = 0;
  return body.split('\n').flatMap((line): Property[] => {
    const match = depth === 0 ? /^\s*(\w+)(\??): (.*?);?$/.exec(line) : null;
    depth += (line.match(/\{/g)?.length ?? 0) - (line.match(/\}/g)?.length ?? 0);
    return match === null ? [] : [{ name: match[1]!, optional: match[2] === '?', type: match[3]! }];
  });
}

/** The text between the brace that ends `opening` and the one that closes it. */
function block(source: string, opening: RegExp): string | null {
  const match = opening.exec(source);
  if (match === null) return null;
  const start = match.index + match[0].length;
  let depth = 1;
  for (let at = start; at < source.length; at += 1) {
    depth += source[at] === '{' ? 1 : source[at] === '}' ? -1 : 0;
    if (depth === 0) return source.slice(start, at);
  }
  return null;
}

/** What is wrong with a shown object by the SDK's own type: keys that are missing, keys it does not know, plain types that differ. */
function faults(shown: Shown, file: string, path: readonly string[]): readonly string[] {
  const declared = properties(file, path);
  if (declared === null) throw new Error(`${file} has no interface ${path.join('.')}`);
  const where = path.join('.');
  const wrong = declared.flatMap(({ name, optional, type }): readonly string[] => {
    const value: unknown = shown[name];
    if (value === undefined) return optional ? [] : [`${where}.${name} is missing`];
    if (value === null) return type.endsWith(' | null') ? [] : [`${where}.${name} is null, not ${type}`];
    const plain = type.replace(/ \| null$/, '');
    if (['string', 'number', 'boolean'].includes(plain)) return typeof value === plain ? [] : [`${where}.${name} is no ${plain}`];
    const nested = /^([A-Z]\w*(?:\.\w+)*)$/.exec(plain)?.[1]!.split('.');
    // 'Card.Checks' inside PaymentMethod.Card is PaymentMethod.Card.Checks
    const inner = nested === undefined ? [] : nested[0] === path.at(-1) ? [...path, ...nested.slice(1)] : nested[0] === path[0] ? nested : [];
    return typeof value === 'object' && !Array.isArray(value) && inner.length > 0 && properties(file, inner) !== null ? faults(value as Shown, file, inner) : [];
  });
  const names = new Set(declared.map(({ name }) => name));
  return [...wrong, ...Object.keys(shown).filter((name) => !names.has(name)).map((name) => `${where}.${name} is no property`)];
}

/** One of each, made by calls. */
const made = async () => {
  const stripe = desk();
  const { body: customer } = await stripe('POST', '/v1/customers', 'name=Ann&email=ann%40x.test&address[city]=Bern&shipping[name]=Ann&shipping[address][city]=Bern');
  const { body: paid } = await stripe('POST', '/v1/payment_intents', `amount=1099&currency=eur&payment_method=pm_card_visa&confirm=true&customer=${customer.id}&shipping[name]=A&shipping[address][city]=Bern&expand[]=latest_charge.balance_transaction&expand[]=payment_method`);
  const { body: declined } = await stripe('POST', '/v1/payment_intents', 'amount=1099&currency=eur&payment_method=pm_card_chargeDeclined&confirm=true');
  const { body: waiting } = await stripe('POST', '/v1/payment_intents', 'amount=1099&currency=eur&payment_method=pm_card_threeDSecure2Required&confirm=true&return_url=https%3A%2F%2Fx.test');
  const { body: refund, webhooks } = await stripe('POST', '/v1/refunds', `payment_intent=${paid.id}`);
  const { body: failed } = await stripe('GET', `/v1/charges/${declined.error.charge}`);
  const { body: balance } = await stripe('GET', '/v1/balance');
  const { body: account } = await stripe('GET', '/v1/account');
  return { customer, paid, refund, failed, balance, account, event: webhooks[0]!, declined: declined.error.payment_intent, waiting };
};

const transfer = async (stripe: ReturnType<typeof desk>) => {
  const { body: charge } = await stripe('POST', '/v1/charges', 'amount=1000&currency=usd&source=tok_visa');
  const { body: seller } = await stripe('POST', '/v1/accounts', 'type=custom&capabilities[transfers][requested]=true&tos_acceptance[date]=1');
  return stripe('POST', '/v1/transfers', `currency=usd&destination=${seller.id}&source_transaction=${charge.id}`);
};

describe('simulated objects have the shape of the SDK\'s own types', () => {
  it('customers, payment methods, intents, charges, refunds, balance and its transactions, accounts, events', async () => {
    const { customer, paid, refund, failed, balance, account, event, declined, waiting } = await made();
    const charge = paid['latest_charge'] as unknown as Shown;
    expect([
      ...faults(customer, 'Customers.d.ts', ['Customer']),
      ...faults(paid['payment_method'] as unknown as Shown, 'PaymentMethods.d.ts', ['PaymentMethod']),
      ...[paid, declined, waiting].flatMap((intent) => faults(intent, 'PaymentIntents.d.ts', ['PaymentIntent'])),
      ...faults(charge, 'Charges.d.ts', ['Charge']),
      ...faults(failed, 'Charges.d.ts', ['Charge']),
      ...faults(refund, 'Refunds.d.ts', ['Refund']),
      ...faults(charge['balance_transaction'] as Shown, 'BalanceTransactions.d.ts', ['BalanceTransaction']),
      ...faults(balance, 'Balance.d.ts', ['Balance']),
      ...faults(account, 'Accounts.d.ts', ['Account']),
      ...faults(event, 'Events.d.ts', ['EventBase']),
    ]).toEqual([]);
  });

  it.each<[string, readonly string[], (stripe: ReturnType<typeof desk>) => Promise<{ readonly body: Shown }>]>([
    ['SetupIntents.d.ts', ['SetupIntent'], (stripe) => stripe('POST', '/v1/setup_intents', 'payment_method=pm_card_visa&confirm=true')],
    ['SetupIntents.d.ts', ['SetupIntent'], async (stripe) => ({ body: (await stripe('POST', '/v1/setup_intents', 'payment_method=pm_card_chargeDeclined&confirm=true')).body.error['setup_intent'] as Shown })],
    ['Products.d.ts', ['Product'], (stripe) => stripe('POST', '/v1/products', 'name=Book&package_dimensions[height]=1&package_dimensions[length]=1&package_dimensions[weight]=1&package_dimensions[width]=1')],
    ['Prices.d.ts', ['Price'], (stripe) => stripe('POST', '/v1/prices', 'currency=usd&unit_amount=1&product_data[name]=Book&recurring[interval]=month&transform_quantity[divide_by]=2&transform_quantity[round]=up&expand[]=currency_options')],
    ['Coupons.d.ts', ['Coupon'], (stripe) => stripe('POST', '/v1/coupons', 'percent_off=10')],
    ['PromotionCodes.d.ts', ['PromotionCode'], async (stripe) => stripe('POST', '/v1/promotion_codes', `promotion[type]=coupon&promotion[coupon]=${(await stripe('POST', '/v1/coupons', 'percent_off=10')).body.id}`)],
    ['WebhookEndpoints.d.ts', ['WebhookEndpoint'], (stripe) => stripe('POST', '/v1/webhook_endpoints', 'url=https%3A%2F%2Fx.test&enabled_events[]=*')],
    ['Payouts.d.ts', ['Payout'], (stripe) => stripe('POST', '/v1/payouts', 'amount=1&currency=usd', { headers: [['Stripe-Account', 'acct_1']] })],
    ['Accounts.d.ts', ['Account'], (stripe) => stripe('POST', '/v1/accounts', 'type=custom&company[name]=Books&capabilities[transfers][requested]=true&tos_acceptance[date]=1')],
    ['Transfers.d.ts', ['Transfer'], (stripe) => transfer(stripe)],
    ['TransferReversals.d.ts', ['TransferReversal'], async (stripe) => stripe('POST', `/v1/transfers/${(await transfer(stripe)).body.id}/reversals`)],
  ])('%s', async (file, path, make) => {
    const { body } = await make(desk());
    expect(body.error).toBeUndefined();
    expect(faults(body, file, path)).toEqual([]);
  });

  it('and the check sees a missing key, a wrong type, an unknown key and a fault inside', async () => {
    const { customer } = await made();
    const { email: _, ...rest } = customer;
    const broken = { ...rest, created: 'now', colour: 'red', invoice_settings: { footer: null } } as unknown as Shown;
    expect(faults(broken, 'Customers.d.ts', ['Customer'])).toEqual([
      'Customer.created is no number', 'Customer.email is missing', 'Customer.InvoiceSettings.custom_fields is missing', 'Customer.InvoiceSettings.default_payment_method is missing',
      'Customer.InvoiceSettings.rendering_options is missing', 'Customer.colour is no property',
    ]);
  });
});

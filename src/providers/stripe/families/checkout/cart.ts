import type { JsonObject } from '../../../wire/json.ts';
import { amountFault } from '../../currency.ts';
import { cutLines, sum } from '../../discounting.ts';
import { invalid, notSimulated } from '../../errors.ts';
import { listOf, nested } from '../../nested.ts';
import { hash, integer, mergeMetadata, metadata, required, text, words } from '../../params.ts';
import type { Given } from '../../params.ts';
import type { Work } from '../../work.ts';
import { costOf } from '../cost.ts';
import { cutOf, requireMinimum } from '../discount.ts';
import type { Wish } from '../discount.ts';
import { inlinePrice, priceData, requirePrice } from '../inline-price.ts';
import type { LineItem, Session, Totals } from './session-object.ts';

export const lineItemsParam = listOf(required(nested({ adjustable_quantity: hash, dynamic_tax_rates: words, metadata, price: text, price_data: nested(priceData), quantity: integer({ min: 1 }), tax_rates: words })));

/** What is bought, line by line. `mode` null: a link takes its mode from its prices. */
export async function linesOf(work: Work, given: Given<{ readonly line_items: typeof lineItemsParam }>['line_items'], mode: Session['mode'] | null, wanted: string | null): Promise<readonly LineItem[]> {
  if (mode === 'setup') {
    if (given?.length) throw invalid('You can not pass `line_items` in `setup` mode.', { param: 'line_items' });
    return [];
  }
  if (!given || given.length === 0) throw invalid('Missing required param: line_items.', { code: 'parameter_missing', param: 'line_items' });
  const lines: LineItem[] = [];
  for (const [index, item] of given.entries()) {
    const param = `line_items[${index}]`;
    if (item.tax_rates?.length || item.dynamic_tax_rates?.length) throw notSimulated('tax rates');
    const price = typeof item.price === 'string' ? await requirePrice(work, item.price, `${param}[price]`) : item.price_data ? await inlinePrice(work, item.price_data, `${param}[price_data]`) : null;
    if (price === null) throw invalid('You must provide either price or price_data for each line item when using prices.', { param });
    if (mode === 'payment' && price.recurring !== null) throw invalid('You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.', { param: `${param}[price]` });
    if (price.recurring?.['usage_type'] === 'metered') throw notSimulated('metered prices');
    if (typeof item.quantity !== 'number') throw invalid(`Quantity is required. Add \`quantity\` to \`${param}\``, { code: 'parameter_missing', param: `${param}[quantity]` });
    const currency = wanted ?? lines[0]?.currency ?? String(price['currency']);
    const amount = await costOf(work, price, item.quantity, currency);
    const product = await work.find('product', price.product);
    lines.push({
      id: work.id('li_1', 23), object: 'item', adjustable_quantity: item.adjustable_quantity ? adjustable(item.adjustable_quantity) : null, amount_discount: 0, amount_subtotal: amount, amount_tax: 0, amount_total: amount, currency,
      description: product === null ? null : String(product['name']), metadata: mergeMetadata({}, item.metadata), price, quantity: item.quantity,
    });
  }
  if (mode === 'subscription' && lines.every(({ price }) => price.recurring === null)) {
    throw invalid('You must provide at least one recurring price in `subscription` mode when using prices.', { param: 'line_items' });
  }
  return lines;
}

function adjustable(given: JsonObject): JsonObject {
  const bound = (name: string): number | null => integer({ min: 0 })(given[name], `adjustable_quantity[${name}]`) ?? null;
  return { enabled: given['enabled'] === 'true', maximum: bound('maximum'), minimum: bound('minimum') };
}

/** The lines with what the coupons take off them, and the sums. A trial makes what recurs cost nothing yet. */
export async function totalled(work: Work, lines: readonly LineItem[], wishes: readonly Wish[], shipping: number, trial: boolean): Promise<{ readonly lines: readonly LineItem[]; readonly totals: Totals }> {
  const currency = lines[0]!.currency;
  const now = lines.map((line) => (trial && line.price.recurring !== null ? { ...line, amount_subtotal: 0, amount_total: 0 } : line));
  const cuts = await Promise.all(wishes.map(({ coupon }, index) => cutOf(work, String(index), coupon, currency)));
  const taken = cutLines(now.map(({ amount_subtotal: amount, price }) => ({ amount, product: price.product, discountable: true })), cuts, currency).map(sum);
  const cut = now.map((line, index) => ({ ...line, amount_discount: taken[index]!, amount_total: line.amount_subtotal - taken[index]! }));
  const subtotal = sum(now.map(({ amount_subtotal: amount }) => amount));
  requireMinimum(wishes, subtotal, currency);
  const discount = sum(taken);
  const total = subtotal - discount + shipping;
  const fault = total === 0 ? null : amountFault(total, currency);
  if (fault !== null) throw invalid(fault.message, { ...(fault.code === null ? {} : { code: fault.code }), param: 'line_items' });
  return { lines: cut, totals: { subtotal, discount, shipping, total } };
}

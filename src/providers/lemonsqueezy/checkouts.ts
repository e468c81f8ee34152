import { asArray, asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { unreadable } from '../wire/unread.ts';
import { customOf } from './addressees.ts';
import { keep } from './books.ts';
import type { Books } from './books.ts';
import { currencyOf, sold } from './catalog.ts';
import type { Document } from './document.ts';
import { invalid, notFound } from './errors.ts';
import { listed } from './list.ts';
import { centsOf, iso, partOf, shown, sums, textOf } from './objects.ts';
import type { Resource } from './objects.ts';
import { all, isTest, one, operation } from './operation.ts';
import type { Answer, Reached, Work } from './operation.ts';

const productOptions: JsonObject = { name: '', description: '', media: [], redirect_url: '', receipt_button_text: '', receipt_link_url: '', receipt_thank_you_note: '', enabled_variants: [], confirmation_title: '', confirmation_message: '', confirmation_button_text: '' };
const checkoutOptions: JsonObject = { embed: false, media: true, logo: true, desc: true, discount: true, skip_trial: false, quantity: 1, subscription_preview: true };
const checkoutData: JsonObject = { email: '', name: '', billing_address: {}, tax_number: '', discount_code: '', custom: [], variant_quantities: [] };

/** Our page stands where Lemon Squeezy's would. Its URL is no part of what is remembered: it is made of the id. */
function showCheckout({ context }: Pick<Books, 'context'>, checkout: Resource): Resource {
  return { ...checkout, attributes: { ...checkout.attributes, url: context.page('checkout', checkout.id) } };
}

export interface Priced { readonly cents: number; readonly quantity: number; readonly total: number; readonly currency: string }

/** What is asked for: a price of its own, or the variant's. */
export async function priceOf(books: Books, { attributes }: Resource): Promise<Priced> {
  const variant = String(attributes['variant_id']);
  const quantities = asArray(field(partOf(attributes, 'checkout_data'), 'variant_quantities')) ?? [];
  const asked = quantities.map(asObject).find((each) => String(field(each, 'variant_id')) === variant) ?? null;
  const quantity = centsOf(field(asked, 'quantity')) ?? 1;
  const cents = centsOf(field(attributes, 'custom_price')) ?? centsOf(field((await sold(books, variant)).variant.attributes, 'price')) ?? 0;
  return { cents, quantity, total: cents * quantity, currency: await currencyOf(books, String(attributes['store_id'])) };
}

async function checkoutOf({ ledger }: Pick<Books, 'ledger'>, id: string): Promise<Resource> {
  const checkout = await ledger.find<Resource>('checkouts', id);
  if (checkout === null) throw notFound();
  return checkout;
}

async function create(work: Work): Promise<Answer> {
  const { attributes, related } = work.given;
  const missing = ['store', 'variant'].find((name) => !/^[0-9]{1,18}$/.test(related[name] ?? ''));
  if (missing !== undefined) throw invalid(`The ${missing} field is required.`, `/data/relationships/${missing}`);
  const price = field(attributes, 'custom_price') ?? null;
  if (price !== null && centsOf(price) === null) throw invalid('The custom price must be an integer.', '/data/attributes/custom_price');
  const expires = field(attributes, 'expires_at') ?? null;
  if (expires !== null && Number.isNaN(Date.parse(String(expires)))) throw invalid('The expires at is not a valid date.', '/data/attributes/expires_at');
  const at = iso(work.now);
  const made: Resource = {
    id: work.context.uuid(), custom: customOf(attributes),
    attributes: {
      store_id: Number(related['store']), variant_id: Number(related['variant']), custom_price: price, product_options: { ...productOptions, ...partOf(attributes, 'product_options') }, checkout_options: { ...checkoutOptions, ...partOf(attributes, 'checkout_options') },
      checkout_data: { ...checkoutData, ...partOf(attributes, 'checkout_data') }, preview: false, expires_at: expires, created_at: at, updated_at: at, test_mode: isTest(work),
    },
  };
  const { total, currency } = await priceOf(work, made);
  if (!Number.isSafeInteger(total)) throw invalid('The custom price is too large.', '/data/attributes/custom_price');
  const checkout = field(attributes, 'preview') === true ? { ...made, attributes: { ...made.attributes, preview: { currency, currency_rate: 1, ...sums({ subtotal: total, discount_total: 0, setup_fee: 0, tax: 0, total }, currency) } } } : made;
  keep(work, 'checkouts', checkout);
  return one('checkouts', showCheckout(work, checkout), 201);
}

function reached({ attributes, related }: Document): ReturnType<typeof unreadable> | Reached {
  if (textOf(partOf(attributes, 'checkout_data'), 'discount_code')) return unreadable('discount codes are not simulated');
  return { customer: textOf(partOf(attributes, 'checkout_data'), 'email') || null, object: related['variant'] ?? null, description: textOf(partOf(attributes, 'product_options'), 'name') || null };
}

const uuid = /^\/v1\/checkouts\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

export const checkoutRoutes: readonly JsonRoute[] = [
  operation({ method: 'POST', path: all('checkouts'), operation: 'checkouts.create', type: 'checkouts', effect: reached, run: create }),
  operation({ method: 'GET', path: all('checkouts'), operation: 'checkouts.list', type: 'checkouts', run: (work) => listed(work, 'checkouts', ['store_id', 'variant_id'], (checkout) => shown('checkouts', showCheckout(work, checkout))) }),
  operation({ method: 'GET', path: uuid, operation: 'checkouts.get', type: 'checkouts', run: async (work) => one('checkouts', showCheckout(work, await checkoutOf(work, work.call.ids[0]!))) }),
];


import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { moneyIn } from './amount.ts';
import { invalid, notFound } from './errors.ts';
import { href, idIn, iso, nothing, operation, some, text } from './operation.ts';
import type { Answer, Books, Reached, Work } from './operation.ts';
import { pending } from './payment.ts';
import type { Paid } from './payment.ts';
import { begun } from './payments.ts';

/** What a payer opens to pay: a Hosted Payments Page, a Payment Link, a Flow session. Paying it makes a payment. */
export interface Page {
  readonly id: string;
  readonly facts: Omit<Parameters<typeof pending>[1], 'source' | 'instrument' | 'code'>;
  /** whoever pays goes back there; `cancel` and `failure` null: the payer stays */
  readonly success: string | null;
  readonly failure: string | null;
  readonly cancel: string | null;
  readonly lines: readonly { readonly name: string; readonly amount: number | null }[];
  readonly createdMs: number;
  readonly expiresMs: number;
  /** the payment that paid it */
  readonly payment: string | null;
}

export type PageKind = 'hosted_payment' | 'payment_link' | 'payment_session';

const effect = (body: JsonObject): Reached => {
  const customer = asObject(field(body, 'customer'));
  return { ...nothing, amount: moneyIn(body), customer: text(customer, 'id') ?? text(customer, 'email'), description: text(body, 'description') };
};

export const pageRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/hosted-payments$/, operation: 'hosted_payments.create', effect,
    run: async (work) => {
      for (const name of ['success_url', 'failure_url', 'cancel_url']) if (text(work.body, name) === null) throw invalid(`${name}_required`);
      const page = await made(work, 'hosted_payment', 'hpp_', { success: 'success_url', failure: 'failure_url', cancel: 'cancel_url' });
      return { status: 201, body: shownNew(work, 'hosted_payment', page) };
    },
  }),
  operation({ method: 'GET', path: idIn('hosted-payments', 'hpp'), operation: 'hosted_payments.get', run: (work) => read(work, 'hosted_payment') }),
  operation({
    method: 'POST', path: /^\/payment-links$/, operation: 'payment_links.create', effect,
    run: async (work) => {
      const page = await made(work, 'payment_link', 'pl_', { success: 'return_url' });
      return { status: 201, body: { ...shownNew(work, 'payment_link', page), expires_on: iso(page.expiresMs) } };
    },
  }),
  operation({ method: 'GET', path: idIn('payment-links', 'pl'), operation: 'payment_links.get', run: (work) => read(work, 'payment_link') }),
  operation({
    method: 'POST', path: /^\/payment-sessions$/, operation: 'payment_sessions.create', effect,
    run: async (work) => {
      const page = await made(work, 'payment_session', 'ps_', { success: 'success_url', failure: 'failure_url' });
      const token = Buffer.from(page.id).toString('base64url');
      return {
        status: 201, page: work.context.page('payment_session', page.id),
        body: { id: page.id, payment_session_token: token, payment_session_secret: `pss_${page.id.slice(3)}`, _links: { self: href(`${work.base}/payment-sessions/${page.id}`) } },
      };
    },
  }),
];

async function made(work: Work, kind: PageKind, prefix: string, urls: { readonly success: string; readonly failure?: string; readonly cancel?: string }): Promise<Page> {
  const { body, now } = work;
  const facts = await begun(work);
  if (BigInt(facts.amount) === 0n && kind !== 'hosted_payment') throw invalid('amount_invalid');
  const lives = Number(field(body, 'expires_in') ?? 86_400);
  const page: Page = {
    id: work.id(prefix), facts, payment: null, createdMs: now, expiresMs: now + (Number.isSafeInteger(lives) && lives > 0 ? lives : 86_400) * 1000,
    success: text(body, urls.success), failure: urls.failure === undefined ? null : text(body, urls.failure), cancel: urls.cancel === undefined ? null : text(body, urls.cancel),
    lines: (Array.isArray(field(body, 'products')) ? field(body, 'products') as readonly JsonObject[] : []).slice(0, 50).map((each) => ({ name: asString(field(asObject(each), 'name')) ?? '', amount: numberOf(asObject(each)) })),
  };
  return savePage(work, kind, page);
}

function numberOf(product: JsonObject | null): number | null {
  const price = field(product, 'price') ?? field(product, 'unit_price');
  return typeof price === 'number' && Number.isSafeInteger(price) ? price : null;
}

export function savePage({ ledger }: Pick<Books, 'ledger'>, kind: PageKind, page: Page): Page {
  ledger.save(kind, page.id, page);
  return page;
}

const paths = { hosted_payment: 'hosted-payments', payment_link: 'payment-links', payment_session: 'payment-sessions' } as const;

function shownNew(work: Work, kind: PageKind, { id, facts }: Page): JsonObject {
  return { id, ...some(facts.given, ['reference']), _links: { self: href(`${work.base}/${paths[kind]}/${id}`), redirect: href(work.context.page(kind, id)) } };
}

async function read(work: Work, kind: 'hosted_payment' | 'payment_link'): Promise<Answer> {
  const page = await work.ledger.find<Page>(kind, work.call.ids[0]!);
  if (page === null) throw notFound();
  const { facts, payment } = page;
  return {
    status: 200,
    body: {
      ...shownNew(work, kind, page), status: statusOf(page, kind, work.now), amount: Number(facts.amount), currency: facts.currency, ...facts.given, ...(facts.customer === null ? {} : { customer: facts.customer }),
      ...(payment === null ? {} : { payment_id: payment }), ...(kind === 'payment_link' ? { expires_on: iso(page.expiresMs), created_on: iso(page.createdMs) } : {}),
    },
  };
}

export function statusOf({ payment, expiresMs }: Page, kind: PageKind, now: number): string {
  if (payment !== null) return 'Payment Received';
  if (now >= expiresMs) return 'Expired';
  return kind === 'payment_link' ? 'Active' : 'Payment Pending';
}

/** A payment on a page: with the card of the documentation, as nobody says another. */
export function paymentOn(books: Books, { facts }: Page, card: Pick<Paid, 'source' | 'instrument'>): Paid {
  return pending(books, { ...facts, ...card, code: null });
}

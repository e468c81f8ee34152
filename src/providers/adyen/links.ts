import { asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { requireMoney, shown } from './amount.ts';
import { at } from './checkout.ts';
import { AdyenFailure, invalid } from './errors.ts';
import { given, operation } from './operation.ts';
import type { Work } from './operation.ts';
import { requireMerchant, requireReference } from './payment.ts';

/** A link that is sent to a shopper, who pays on the page behind it. */
export interface Link {
  readonly id: string;
  readonly merchantAccount: string;
  readonly reference: string;
  readonly value: JsonObject;
  readonly reusable: boolean;
  readonly status: 'active' | 'completed';
  readonly expiresMs: number;
  /** what the call said besides, which comes back */
  readonly given: JsonObject;
}

const usualMs = 86_400_000;
const back = ['returnUrl', 'countryCode', 'shopperReference', 'shopperEmail', 'shopperLocale', 'description', 'metadata', 'lineItems'];

export const linkRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: at('/paymentLinks'), operation: 'paymentLinks.create', effect: { movesMoney: false },
    run: async (work) => {
      const { body } = work;
      const link: Link = {
        id: `PL${work.id(16)}`, merchantAccount: requireMerchant(body), value: shown(requireMoney(field(body, 'amount'))), reference: requireReference(body), reusable: field(body, 'reusable') === true,
        status: 'active', expiresMs: expiryOf(body) ?? work.now + usualMs, given: given(body, back),
      };
      work.ledger.save('link', link.id, link);
      return { status: 201, body: showLink(link, work) };
    },
  }),
  operation({
    method: 'GET', path: at('/paymentLinks/(PL[A-Za-z0-9]{1,62})'), operation: 'paymentLinks.get',
    run: async (work) => {
      const link = await work.ledger.find<Link>('link', work.call.ids[0]!);
      if (link === null) throw new AdyenFailure(404, { errorCode: '000', message: 'HTTP Status Response - Not Found', errorType: 'internal' });
      return { status: 200, body: showLink(link, work) };
    },
  }),
];

const time = /^(?<day>[0-9]{4}-[0-9]{2}-[0-9]{2})T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2})$/;

/** Null where the call leaves it to Adyen. */
function expiryOf(body: JsonObject): number | null {
  const said = field(body, 'expiresAt') ?? null;
  if (said === null) return null;
  const text = asString(said) ?? '';
  const day = time.exec(text)?.groups?.['day'];
  const ms = Date.parse(text);
  // a 31st of February is read as a day of March
  if (day === undefined || Number.isNaN(ms) || new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) !== day) {
    throw invalid('702', 'expiresAt is no time that can be read: it is a time with its offset, like 2020-12-18T10:15:30+01:00');
  }
  return ms;
}

export function isExpired({ expiresMs }: Link, now: number): boolean {
  return now >= expiresMs;
}

function showLink(link: Link, { now, page }: Pick<Work, 'now' | 'page'>): JsonObject {
  return {
    ...link.given, id: link.id, amount: link.value, merchantAccount: link.merchantAccount, reference: link.reference, reusable: link.reusable,
    expiresAt: `${new Date(link.expiresMs).toISOString().slice(0, 19)}Z`, status: link.status === 'active' && isExpired(link, now) ? 'expired' : link.status, url: page('link', link.id),
  };
}

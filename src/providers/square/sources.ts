import type { JsonObject } from '../wire/json.ts';
import type { Fault } from './errors.ts';

/** What paying with a source comes to. */
export interface Source {
  readonly type: 'CARD' | 'CASH' | 'EXTERNAL' | 'WALLET' | 'BANK_ACCOUNT';
  readonly fault: Fault | null;
}

/** What follows 'cnon:card-nonce-' and 'ccof:customer-card-id-'. https://developer.squareup.com/docs/devtools/sandbox/payments */
const declines: Readonly<Record<string, string | undefined>> = {
  'declined': 'GENERIC_DECLINE', 'rejected-cvv': 'CVV_FAILURE', 'rejected-postalcode': 'ADDRESS_VERIFICATION_FAILURE', 'rejected-expiration': 'INVALID_EXPIRATION',
};

/** What a bank says no with, in words of Square. https://developer.squareup.com/reference/square/enums/ErrorCode */
export const declineCodes = [
  'GENERIC_DECLINE', 'INSUFFICIENT_FUNDS', 'CVV_FAILURE', 'ADDRESS_VERIFICATION_FAILURE', 'INVALID_EXPIRATION', 'CARD_EXPIRED', 'PAN_FAILURE', 'INVALID_ACCOUNT', 'TRANSACTION_LIMIT', 'CARD_DECLINED_VERIFICATION_REQUIRED',
] as const;

/** The same source, were it not for the bank. Nobody declines cash. */
export function declinedSource(source: Source, code: string | null): Source {
  const said = declineCodes.find((each) => each === code) ?? 'GENERIC_DECLINE';
  return source.fault !== null || source.type === 'CASH' || source.type === 'EXTERNAL' ? source : { ...source, fault: { category: 'PAYMENT_METHOD_ERROR', code: said, detail: `Authorization error: '${said}'` } };
}

/** Every source that is not one of the sandbox's failing ones pays. */
export function sourceOf(id: string): Source {
  if (id === 'CASH' || id === 'EXTERNAL') return { type: id, fault: null };
  const prefix = /^([a-z]+):/.exec(id)?.[1] ?? 'cnon';
  const type = prefix === 'wnon' ? 'WALLET' : prefix === 'bnon' || prefix === 'bauth' ? 'BANK_ACCOUNT' : 'CARD';
  const ending = /^(?:cnon:card-nonce-|ccof:customer-card-id-)(.+)$/.exec(id)?.[1] ?? '';
  if (ending === 'already-used') return { type, fault: { category: 'INVALID_REQUEST_ERROR', code: 'CARD_TOKEN_USED', detail: 'Card nonce already used; please request new nonce.' } };
  const code = Object.hasOwn(declines, ending) ? declines[ending] : undefined;
  return { type, fault: code === undefined ? null : { category: 'PAYMENT_METHOD_ERROR', code, detail: `Authorization error: '${code}'` } };
}

/** The card that the sandbox's tokens stand for. A token of the real card form tells nothing of its card: it is shown as this one. */
export const sandboxCard: JsonObject = {
  card_brand: 'VISA', last_4: '5858', exp_month: 11, exp_year: 2029, fingerprint: 'sq-1-fourthwall-sandbox-card', card_type: 'CREDIT', prepaid_type: 'NOT_PREPAID', bin: '453275',
};

/** The token says nothing of its card, so it stands for itself. Square takes no card numbers; of one that comes all the same four digits are told. */
export function sourceText(id: string): string {
  return /^[0-9 -]{12,30}$/.test(id) ? `card ${id.replaceAll(/[^0-9]/g, '').slice(-4)}` : id.slice(0, 100);
}

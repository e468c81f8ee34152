import type { Finding } from '../model/capture.ts';
import { reservedMail } from '../model/address/reserved-mail.ts';
import { excerptOf } from './excerpt.ts';
import type { Said } from './said.ts';

/** A label of a host that says "not the real one": staging, qa-2, shop-test, dev. */
const rehearsal = /(?:^|[.-])(?:staging|stage|stg|test|testing|qa|uat|dev|develop|development|sandbox|preview|preprod|demo|integration|int|ci|local)\d{0,3}(?=$|[.-])/i;

/** Pages where money is real, by address alone: what the vendors' own test modes never look like. */
const livePayments = /\bcs_live_|^https?:\/\/(?:www\.)?paypal\.com\/(?:checkoutnow|webapps|cgi-bin|invoice|pay)\b|^https?:\/\/(?:buy|donate|book)\.stripe\.com\/(?!test_)/i;

/** A link that does something for whoever follows it: a path that says so, with a token behind it. */
const acts = /\/(?:reset|password|confirm|verif(?:y|ication)|activate|activation|invite|invitation|login|signin|magic|checkout|pay|payment|passwort|bestaetig\w*|aktivier\w*)\b/i;
const token = /[/?&=#-][A-Za-z0-9_.-]*(?=[A-Za-z_.-]*\d)[A-Za-z0-9_.-]{16,}/;

/**
 * 'https://www.shop.com/reset?token=...' in the mail of a rehearsal: a tester who follows it acts on the real shop. Told by a
 * real payment page, by a host beside the rehearsal's own ('www.shop.com' next to 'staging.shop.com'), or by a link that acts
 * and leads to a host without any word of rehearsal. A plain link to a public page is none.
 */
export function liveLink(said: Said): readonly Finding[] {
  const hosts = said.links.map((link) => ({ link, host: hostOf(link) }));
  const rehearsed = new Set([...hosts.map(({ host }) => host), domainOf(said.from)].filter((host) => rehearsal.test(host)).map(organisation));
  const found = hosts.find(({ link, host }) => isPublic(host) && !rehearsal.test(host)
    && (livePayments.test(link) || rehearsed.has(organisation(host)) || (acts.test(link) && token.test(link))));
  return found === undefined ? [] : [{ id: 'live-link', title: 'A link leads to the live site', where: 'link', excerpt: excerptOf(found.link) }];
}

function hostOf(link: string): string {
  return URL.parse(link)?.hostname.toLowerCase().replace(/\.$/, '') ?? '';
}

function domainOf(address: string | null): string {
  return address?.slice(address.lastIndexOf('@') + 1).toLowerCase() ?? '';
}

/** Names on the public internet: internal hosts are internal-link's, reserved ones lead nowhere. */
function isPublic(host: string): boolean {
  return host.includes('.') && !/^[\d.]+$|^\[|\.(?:localhost|local|internal|lan|corp|svc)$/.test(host) && reservedMail('', host) === null;
}

/** 'shop.com' of 'www.shop.com', 'shop.co.uk' of 'staging.shop.co.uk': near enough to compare hosts of one message. */
function organisation(host: string): string {
  const labels = host.split('.');
  const second = labels.at(-2) ?? '';
  return labels.slice(second.length <= 3 && labels.length > 2 && (labels.at(-1) ?? '').length === 2 ? -3 : -2).join('.');
}

import type { Finding } from '../model/capture.ts';
import { excerptOf } from './excerpt.ts';
import type { Said } from './said.ts';

/** One message to this many at once is bulk, whatever its headers say. */
const many = 10;
const bulkHeaders = new Set(['list-id', 'feedback-id', 'x-campaign', 'x-campaign-id', 'x-campaignid', 'x-mailing', 'x-mailing-id', 'x-mc-campaign']);
const wayOut = /unsubscri|opt[ -]?out|abmeld|abbestell|austrag|désabonn|desabonn|se désinscrire|désinscri|darse de baja|cancelar (?:la )?suscripci|disiscri|cancellati|uitschrijv|afmeld|avregistrer|wypisz|отписа/iu;

/**
 * A newsletter that nobody can leave: bulk mail with neither List-Unsubscribe (RFC 2369, RFC 8058) nor a word or a link of
 * unsubscribing. Large mailbox providers refuse such mail. Only told of mail by SMTP: what an API mail's headers will be is the vendor's doing.
 */
export function missingUnsubscribe(said: Said): readonly Finding[] {
  if (said.headers === null) return [];
  const headers = said.headers.map(([name, value]) => [name.toLowerCase(), value] as const);
  if (headers.some(([name, value]) => name === 'list-unsubscribe' && /<[^<>]+>/.test(value))) return [];
  const why = headers.find(([name, value]) => bulkHeaders.has(name) || (name === 'precedence' && /^\s*(?:bulk|list)\b/i.test(value)));
  const named = /\bnewsletter\b/i.test(said.subject);
  if (why === undefined && !named && said.recipients < many) return [];
  if ([said.text, said.visible, ...said.links].some((part) => wayOut.test(part))) return [];
  const reason = why !== undefined ? `${why[0]}: ${why[1]}` : named ? said.subject : `one message to ${said.recipients} recipients`;
  return [{ id: 'missing-unsubscribe', title: 'Bulk mail that nobody can unsubscribe from', where: 'header', excerpt: excerptOf(reason) }];
}

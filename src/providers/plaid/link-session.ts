import { asArray, asString, field } from '../wire/json.ts';
import { intentBecame } from './intent.ts';
import { newItem, saveItem } from './item.ts';
import type { Item } from './item.ts';
import { promise } from './items.ts';
import { publicTokenOf, sessionOf } from './link.ts';
import type { Link } from './link.ts';
import type { Books } from './operation.ts';
import { nextPayment, paymentBecame } from './payment.ts';
import type { BankPayment, Status } from './payment.ts';
import { announce } from './webhook.ts';

/** How somebody came out of Link. */
export type Ending = 'success' | 'declined' | 'exited';

/** What comes of it: a bank that is connected or works again, a payment, a transfer; and the application is told. */
export async function endSession(books: Books, link: Link, ending: Ending): Promise<void> {
  const webhook = asString(field(link.given, 'webhook'));
  const now: Link = { ...link, status: ending === 'success' ? 'success' : 'exited', finishedMs: books.now };
  books.ledger.save('link', link.id, now);
  const tokens = ending === 'success' ? await succeed(books, link, webhook) : [];
  if (ending === 'declined' && link.payment !== null) await pay(books, link.payment, ['INSUFFICIENT_FUNDS'], webhook);
  if (ending === 'declined' && link.intent !== null) await intentBecame({ ...books, environment: link.environment }, link.intent, '', 'NSF');
  announce(books, {
    type: 'LINK', code: 'SESSION_FINISHED', environment: link.environment, to: webhook, line: link.id,
    body: { status: ending === 'success' ? 'SUCCESS' : 'EXITED', link_session_id: sessionOf(link), link_token: link.id, ...(tokens.length === 0 ? {} : { public_token: tokens[0]!, public_tokens: tokens }) },
  });
}

async function succeed(books: Books, link: Link, webhook: string | null): Promise<readonly string[]> {
  if (link.payment !== null) {
    await pay(books, link.payment, ['INITIATED', 'EXECUTED'], webhook);
    return [];
  }
  if (link.update !== null) {
    const item = await books.ledger.find<Item>('item', link.update);
    if (item !== null) saveItem(books, link.update, { ...item, loginRequired: false });
    return [];
  }
  const products = (asArray(field(link.given, 'products')) ?? []).filter((each): each is string => typeof each === 'string');
  const item = newItem({ id: link.item, institution: asString(field(link.given, 'institution_id')), webhook, products });
  const token = publicTokenOf(link);
  promise(books, token, item);
  if (link.intent !== null) await intentBecame({ ...books, environment: link.environment }, link.intent, item.accounts[0]!.id, null);
  return [token];
}

async function pay(books: Books, id: string, through: readonly Status[], webhook: string | null): Promise<void> {
  const payment = await books.ledger.find<BankPayment>('payment', id);
  if (payment === null) return;
  through.reduce((now, status) => ((nextPayment[now.status] ?? []).includes(status) ? paymentBecame(books, { ...now, webhook }, status) : now), payment);
}

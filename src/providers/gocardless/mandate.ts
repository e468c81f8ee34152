import { everything } from '../wire/everything.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Books, Happened } from './books.ts';
import { happen } from './books.ts';
import { notFound } from './errors.ts';
import { chargeDate, creditor, iso, linkOf, schemes, textOf } from './objects.ts';
import type { View } from './objects.ts';
import { isPending, paymentBecomes } from './payment.ts';

export function newMandate(books: Books, { account, scheme, status = 'pending_submission', given }: { readonly account: View; readonly scheme: string | null; readonly status?: string; readonly given: JsonObject }): View {
  const id = books.id('MD');
  const mandate: View = {
    id, created_at: iso(books.now), reference: textOf(given, 'reference') ?? `FW-${id.slice(2, 12)}`, status, scheme: scheme ?? schemes[textOf(account, 'currency') ?? 'GBP'] ?? 'bacs',
    payments_require_approval: false, metadata: asObject(field(given, 'metadata')) ?? {}, consent_parameters: null, consent_type: null, verified_at: null, funds_settlement: 'managed',
    authorisation_source: textOf(given, 'authorisation_source') ?? 'web', links: { customer: linkOf(account, 'customer'), customer_bank_account: account.id, creditor },
  };
  books.ledger.save('mandate', id, mandate);
  return mandate;
}

export function showMandate(mandate: View, now: number): JsonObject {
  return { ...mandate, next_possible_charge_date: isAlive(mandate) ? chargeDate(now, mandate['status'] === 'active' ? 3 : 5) : null };
}

/** Payments can be made against it. */
export function isAlive(mandate: View): boolean {
  return ['pending_customer_approval', 'pending_submission', 'submitted', 'active'].includes(textOf(mandate, 'status') ?? '');
}

/** A production mandate that this gateway has never seen counts as an active one where unknown ids are adopted. */
export async function requireMandate({ ledger, context, now }: Books, id: string, currency: string | null = null): Promise<View> {
  const mandate = await ledger.find<View>('mandate', id);
  if (mandate !== null) return mandate;
  if (context.unknownIds !== 'adopt') throw notFound();
  const made: View = {
    id, created_at: iso(now), reference: `FW-${id.slice(2, 12)}`, status: 'active', scheme: schemes[currency ?? 'GBP'] ?? 'bacs', payments_require_approval: false, metadata: {}, consent_parameters: null, consent_type: null,
    verified_at: null, funds_settlement: 'managed', authorisation_source: 'web', links: { customer: `CU${id.slice(2)}`, customer_bank_account: `BA${id.slice(2)}`, creditor },
  };
  ledger.save('mandate', id, made);
  return made;
}

const words: Readonly<Record<string, Pick<Happened, 'cause' | 'description' | 'origin'>>> = {
  created: { origin: 'api', cause: 'mandate_created', description: 'Mandate created via the API.' },
  submitted: { origin: 'gocardless', cause: 'mandate_submitted', description: 'The mandate has been submitted to the banks.' },
  active: { origin: 'gocardless', cause: 'mandate_activated', description: 'The time window after submission for the banks to refuse a mandate has ended without any errors being received, so this mandate is now active.' },
  cancelled: { origin: 'bank', cause: 'bank_account_closed', description: "The customer's bank account was closed." },
  failed: { origin: 'bank', cause: 'invalid_bank_details', description: 'The specified bank account does not exist or was closed.' },
  expired: { origin: 'gocardless', cause: 'mandate_expired', description: 'The mandate is expired.' },
  reinstated: { origin: 'api', cause: 'mandate_reinstated', description: 'The mandate has been reinstated.' },
};

export function tellMandate(books: Books, mandate: View, action: string, more: Partial<Pick<Happened, 'cause' | 'description' | 'origin' | 'metadata'>> = {}): void {
  happen(books, { resource: 'mandates', action, ...words[action]!, ...more, links: { mandate: mandate.id }, about: mandate, ...(action === 'created' || action === 'reinstated' ? {} : { details: { scheme: mandate['scheme'] ?? null } }) });
}

/** What ends a mandate cancels the payments that have not gone to the bank yet. */
export async function mandateBecomes(books: Books, mandate: View, status: string, action: string, more: Parameters<typeof tellMandate>[3] = {}): Promise<View> {
  const after: View = { ...mandate, status };
  books.ledger.save('mandate', mandate.id, after);
  tellMandate(books, after, action, more);
  if (isAlive(after)) return after;
  for (const { id } of (await everything<View>(books.context, 'payment')).filter((payment) => linkOf(payment, 'mandate') === mandate.id)) {
    const payment = await books.ledger.find<View>('payment', id);
    if (payment !== null && isPending(payment)) paymentBecomes(books, payment, 'cancelled', { origin: 'bank', cause: 'mandate_cancelled', description: 'The mandate for this payment was cancelled.' });
  }
  return after;
}

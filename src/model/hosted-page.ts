import type { Money } from './money.ts';
import type { Consequences, SimulationContext } from './provider.ts';

/** What a payer may do on a page of ours. The two authenticated ones stand behind one button, '3-D Secure', and its own step. */
export type PayerChoice = 'pay' | 'pay-authenticated' | 'decline' | 'fail-authentication' | 'cancel';

/** One remembered object that a payer is sent to: the order to approve, the session to pay. */
export interface PageSubject {
  readonly kind: string;
  readonly id: string;
}

/** A page of ours where the vendor would show its own: pay, approve, authenticate. Plain text throughout; the page escapes it. */
export interface HostedPage {
  /** 'Checkout Session cs_test_a1' */
  readonly title: string;
  readonly amount: Money | null;
  /** whom it is for, as the application said: 'ada@example.test' */
  readonly payer: string | null;
  readonly lines: readonly { readonly text: string; readonly amount: Money | null }[];
  /** what the payer may do now; none when it is over */
  readonly choices: readonly PayerChoice[];
  /** one sentence on how it stands: 'This session was paid.'; null while it is open */
  readonly status: string | null;
}

/** What came of a choice. */
export interface Chosen extends Consequences {
  /** the application's own URL the payer goes back to, with what the vendor adds to it; null = the payer stays on the page */
  readonly goTo: string | null;
  /** one sentence for a payer who stays: 'The card was declined. Try another.' */
  readonly says: string | null;
}

/** The browser half of a vendor. `SimulationContext.page` gives the URL of such a page. Nothing here reaches the vendor. */
export interface Hosting {
  /** null when nothing of this kind and id is remembered */
  show(subject: PageSubject, context: SimulationContext): Promise<HostedPage | null>;
  /** asked only with a choice that `show` offers at this moment; null when the object is gone */
  choose(subject: PageSubject, choice: PayerChoice, context: SimulationContext): Promise<Chosen | null>;
}

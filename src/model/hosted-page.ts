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
  /** the application's own address, for a payer who is here again when nothing is left to choose: a link, where it is one of the web */
  readonly back?: string | null;
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

/** A page as the control plane shows it. */
export interface ShownPage extends HostedPage {
  /** whose page would be here */
  readonly provider: string;
}

/** What became of a click on a page. */
export type PageAnswer =
  /** no token of ours, or nothing is remembered that it stands for */
  | { readonly kind: 'unknown' }
  /** `goTo` is an http or https URL; null = the payer stays and is told `says` */
  | { readonly kind: 'chosen'; readonly goTo: string | null; readonly says: string | null; readonly page: ShownPage }
  /** it cannot be chosen, or not any more */
  | { readonly kind: 'refused'; readonly why: string; readonly page: ShownPage };

/** The pages of all providers, by the token that is the last part of their URLs. Without one of our own nothing is told or done. */
export interface HostedPages {
  show(token: string): Promise<ShownPage | null>;
  choose(token: string, choice: string): Promise<PageAnswer>;
}

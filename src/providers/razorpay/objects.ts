import type { JsonObject } from '../wire/json.ts';
import type { Books, Work } from './operation.ts';
import { unknownId } from './errors.ts';

/** Each is kept as Razorpay shows it (`view`), with what only we know beside it. */
interface Kept {
  readonly view: JsonObject & { readonly id: string };
  readonly merchant: string;
}

export interface Order extends Kept {
  /** what is authorized is captured at once */
  readonly captures: boolean;
  readonly link: string | null;
  /** the payment that will pay it, known from the start so that its proof can be */
  readonly next: Next;
  readonly payer: Payer;
}

interface Next {
  /** null: any, as nothing is proven of it */
  readonly payment: string | null;
  readonly proof: string | null;
  /** the payment has come about */
  readonly used: boolean;
}

export interface Payer {
  readonly email: string | null;
  readonly contact: string | null;
  readonly customer: string | null;
}

export interface Link extends Kept {
  readonly next: Next;
}

export interface Payment extends Kept {
  /** the signature that the payer's browser brings back */
  readonly proof: string | null;
  /** where the payer goes back to from the page of this payment */
  readonly back: string | null;
}

export interface Refund extends Kept {}
export interface Customer extends Kept {}

export interface Kinds { readonly order: Order; readonly payment: Payment; readonly payment_link: Link; readonly refund: Refund; readonly customer: Customer }

export async function findOf<K extends keyof Kinds>({ ledger }: Pick<Books, 'ledger'>, kind: K, id: string): Promise<Kinds[K] | null> {
  return ledger.find<Kinds[K]>(kind, id);
}

export async function requireOf<K extends keyof Kinds>(work: Pick<Work, 'ledger'>, kind: K, id: string): Promise<Kinds[K]> {
  const found = await findOf(work, kind, id);
  if (found === null) throw unknownId();
  return found;
}

/** Texts that a list can be filtered by. */
const indexed: Readonly<Record<keyof Kinds, readonly string[]>> = {
  order: ['receipt'], payment: ['order_id'], payment_link: ['reference_id'], refund: ['payment_id'], customer: ['email', 'contact'],
};

export function indexOf(kind: keyof Kinds, view: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(indexed[kind].flatMap((name) => typeof view[name] === 'string' && view[name] !== '' ? [[name, view[name]]] : []));
}

export function keep<K extends keyof Kinds>({ ledger }: Pick<Books, 'ledger'>, kind: K, object: Kinds[K]): Kinds[K] {
  ledger.save(kind, object.view.id, object, indexOf(kind, object.view));
  return object;
}

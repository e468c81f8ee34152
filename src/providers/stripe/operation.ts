import type { JsonObject, JsonValue } from '../wire/json.ts';
import type { StripeObject } from './object.ts';
import { readParams, words } from './params.ts';
import type { Given, Spec } from './params.ts';
import type { HostedPage, PayerChoice } from '../../model/hosted-page.ts';
import type { IndexOf, InVersion, Work } from './work.ts';

export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

/** Validation happens in the call, effects in `run`: Stripe saves no idempotent result for a call that was never begun. */
export type Operation = (params: JsonObject) => {
  readonly expand: readonly string[];
  readonly run: (work: Work) => Promise<Answer>;
};

/** Everything the simulation knows about one kind of object. Adding one is adding a file, and a line in families.ts. */
export interface Family {
  /** the kind, as in the object's own `object` */
  readonly kind: string;
  /** what its ids begin with; by it an id inside another object is expanded. Null when none ever stands there. */
  readonly prefix: string | null;
  readonly index: IndexOf;
  /** by the operation's name in route-table.ts */
  readonly operations: Readonly<Record<string, Operation>>;
  /** the object as it is by now, where time alone changes it */
  readonly shown?: (object: StripeObject, now: number) => StripeObject;
  /** the stored object holds what every version shows: this leaves out what the caller's does not have */
  readonly inVersion?: InVersion;
  /** where whoever pays it is sent */
  readonly page?: PayerPage;
  /** properties that are only there when expanded: `refunds` of a charge */
  readonly includes?: Readonly<Record<string, Include>>;
}

/** The page of one kind of object. `choose` is asked only with what `show` offers. */
export interface PayerPage {
  show(object: StripeObject, work: Work): Promise<HostedPage>;
  choose(object: StripeObject, choice: PayerChoice, work: Work): Promise<Went>;
}

/** Where the payer goes: back to the application, or nowhere, with a word on why. */
export interface Went {
  readonly goTo: string | null;
  readonly says: string | null;
}

/** Undefined: this object has none of it, and is shown without. */
export type Include = (object: StripeObject, work: Work) => Promise<JsonValue | undefined>;

/** An operation from its parameters and what it does. Every operation takes `expand` as well. */
export function operation<S extends Spec>(spec: S, run: (given: Given<S>, work: Work) => Promise<Answer>): Operation {
  return (params) => {
    const { expand, ...rest } = readParams({ ...spec, expand: words } as Spec, params);
    return { expand: (expand as readonly string[] | null | undefined) ?? [], run: (work) => run(rest as Given<S>, work) };
  };
}

export function ok(body: JsonObject): Answer {
  return { status: 200, body };
}

/** Index fields of which only those with a value count. */
export function indexed(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

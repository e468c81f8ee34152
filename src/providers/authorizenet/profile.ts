import { createHash } from 'node:crypto';
import type { JsonObject } from '../wire/json.ts';
import { at, textAt } from './call.ts';
import { asObject } from '../wire/json.ts';
import { AnetFailure, notFound } from './errors.ts';
import type { Method } from './method.ts';
import { freshNumber, some } from './operation.ts';
import type { Books } from './operation.ts';
import type { Nodes } from './reply.ts';

export interface PaymentProfile {
  readonly id: string;
  readonly kind: Method['kind'];
  readonly type: string;
  readonly masked: string;
  /** customerType, billTo */
  readonly given: JsonObject;
  readonly isDefault: boolean;
}

export interface Profile {
  readonly id: string;
  /** merchantCustomerId, description, email */
  readonly given: JsonObject;
  readonly methods: readonly PaymentProfile[];
}

export const profileFields = ['merchantCustomerId', 'description', 'email'];
const noSuch = 'Customer Profile ID or Customer Payment Profile ID not found.';

/** Two profiles that say the same are one. */
export function identityOf(given: JsonObject): string {
  return createHash('sha256').update(JSON.stringify(profileFields.map((name) => textAt(given, name)))).digest('hex').slice(0, 32);
}

export function saveProfile({ ledger }: Pick<Books, 'ledger'>, profile: Profile): void {
  const email = textAt(profile.given, 'email');
  const merchantId = textAt(profile.given, 'merchantCustomerId');
  ledger.save('customer_profile', profile.id, profile, { all: 'yes', identity: identityOf(profile.given), ...(email === null ? {} : { email }), ...(merchantId === null ? {} : { merchantId }) });
}

export async function profileOf({ ledger }: Pick<Books, 'ledger'>, id: string | null): Promise<Profile> {
  const found = id === null ? null : await ledger.find<Profile>('customer_profile', id);
  if (found === null) throw notFound();
  return found;
}

/** A stored card to charge; one made up where ids of a restored database are to be believed. */
export async function methodOfProfile(books: Books, id: string, paymentProfile: string | null): Promise<Method> {
  const found = await books.ledger.find<Profile>('customer_profile', id);
  const believed = books.context.unknownIds === 'adopt' && found === null ? adopted(books, id, paymentProfile) : found;
  const method = believed?.methods.find((each) => paymentProfile === null ? each.isDefault : each.id === paymentProfile) ?? (paymentProfile === null ? believed?.methods[0] : undefined);
  if (believed === null || method === undefined) throw notFound(noSuch);
  return { kind: method.kind, type: method.type, masked: method.masked, profile: id, paymentProfile: method.id };
}

function adopted(books: Books, id: string, paymentProfile: string | null): Profile {
  const profile: Profile = { id, given: {}, methods: [{ id: paymentProfile ?? freshNumber(books, '9', 9), kind: 'card', type: 'Visa', masked: 'XXXX1111', given: {}, isDefault: true }] };
  saveProfile(books, profile);
  return profile;
}

/** A profile that is made: the same one again is a duplicate. */
export async function newProfile(books: Books, given: JsonObject, methods: readonly PaymentProfile[]): Promise<Profile> {
  const said = some(given, profileFields);
  if (Object.keys(said).length === 0) throw new AnetFailure('E00041', 'One or more fields in the profile must contain a value.');
  const [same] = (await books.context.list('customer_profile', { where: { identity: identityOf(said) }, limit: 1 })).items;
  if (same !== undefined) throw new AnetFailure('E00039', `A duplicate record with ID ${same.id} already exists.`);
  const profile: Profile = { id: freshNumber(books, '5', 9), given: said, methods };
  saveProfile(books, profile);
  return profile;
}

/** How a payment profile is kept: no whole number, and the first is the default. */
export function kept(books: Books, { kind, type, masked }: Pick<Method, 'kind' | 'type' | 'masked'>, given: JsonObject | null, isDefault: boolean): PaymentProfile {
  return { id: freshNumber(books, '9', 9), kind, type, masked, given: some(given, ['customerType', 'billTo']), isDefault: isDefault || at(given, 'defaultPaymentProfile') === true };
}

export function showPaymentProfile(profile: string | null, { id, kind, type, masked, given, isDefault }: PaymentProfile): Nodes {
  return {
    ...(textAt(given, 'customerType') === null ? {} : { customerType: textAt(given, 'customerType')! }), ...shownAddress('billTo', given), ...(profile === null ? {} : { customerProfileId: profile }), customerPaymentProfileId: id, ...(isDefault ? { defaultPaymentProfile: true } : {}),
    payment: kind === 'card' ? { creditCard: { cardNumber: masked, expirationDate: 'XXXX', cardType: type } } : { bankAccount: { routingNumber: 'XXXX0000', accountNumber: masked, nameOnAccount: '' } },
  };
}

export function showProfile({ id, given, methods }: Profile): Nodes {
  return { ...shown(some(given, profileFields)), customerProfileId: id, ...(methods.length === 0 ? {} : { paymentProfiles: methods.map((method) => showPaymentProfile(null, method)) }), profileType: 'regular' };
}

/** An object of texts as the caller gave it. */
export function shown(given: JsonObject | null): Nodes {
  return Object.fromEntries(Object.keys(given ?? {}).flatMap((name) => { const text = textAt(given, name); return text === null ? [] : [[name, text]]; }));
}

export function shownAddress(name: string, given: JsonObject | null): Nodes {
  const address = asObject(at(given, name));
  return address === null ? {} : { [name]: shown(address) };
}


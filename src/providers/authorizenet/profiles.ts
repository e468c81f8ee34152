import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { at, listAt, textAt } from './call.ts';
import { AnetFailure, notFound, TransactionFailure } from './errors.ts';
import { given, shownMethod } from './method.ts';
import { some } from './operation.ts';
import type { Books, Operation, Reached, Work } from './operation.ts';
import { identityOf, kept, newProfile, profileFields, profileOf, saveProfile, showPaymentProfile, showProfile } from './profile.ts';
import type { PaymentProfile, Profile } from './profile.ts';
import { within } from './reply.ts';
import { findTransaction } from './transaction.ts';
import { told } from './webhook.ts';

const profileIn = (body: JsonObject): JsonObject | null => asObject(at(body, 'profile'));
const idIn = (body: JsonObject): string | null => textAt(body, 'customerProfileId') ?? textAt(body, 'profile', 'customerProfileId');

const reached = (body: JsonObject): Reached => {
  const thing = profileIn(body);
  const method = shownMethod(listAt(thing, 'paymentProfiles')[0] ?? asObject(at(body, 'paymentProfile')));
  return { amount: null, movesMoney: false, customer: idIn(body) ?? textAt(thing, 'merchantCustomerId') ?? textAt(thing, 'email'), method, object: textAt(body, 'customerPaymentProfileId') ?? idIn(body), description: null, keysIn: thing };
};

/** What a transaction would say of a bad card, this API says of a bad field. */
async function methodMade(books: Books, thing: JsonObject, isDefault: boolean): Promise<PaymentProfile> {
  try {
    return kept(books, await given(books, asObject(at(thing, 'payment'))), thing, isDefault);
  } catch (error) {
    if (!(error instanceof TransactionFailure)) throw error;
    throw new AnetFailure('E00027', error.message);
  }
}

function tell(books: Books, event: string, profile: Profile): void {
  books.ledger.tell(told(books.context, {
    event: `customer.${event}`, entity: 'customerProfile', id: profile.id,
    payload: { ...some(profile.given, profileFields), paymentProfiles: profile.methods.map(({ id, given: said }) => ({ id, customerType: textAt(said, 'customerType') ?? 'individual' })) },
  }));
}

function tellOfMethod(books: Books, event: string, profile: Profile, { id, given: said }: PaymentProfile): void {
  books.ledger.tell(told(books.context, { event: `customer.paymentProfile.${event}`, entity: 'customerPaymentProfile', id, payload: { customerProfileId: Number(profile.id), customerType: textAt(said, 'customerType') ?? 'individual' } }));
}

function methodIn(profile: Profile, id: string | null): PaymentProfile {
  const found = profile.methods.find((each) => each.id === id);
  if (found === undefined) throw notFound();
  return found;
}

async function create(work: Work) {
  const thing = profileIn(work.body) ?? {};
  const methods: PaymentProfile[] = [];
  for (const each of listAt(thing, 'paymentProfiles')) methods.push(await methodMade(work, each, methods.length === 0));
  const profile = await newProfile(work, thing, methods);
  tell(work, 'created', profile);
  return { body: { customerProfileId: profile.id, customerPaymentProfileIdList: within('numericString', methods.map(({ id }) => id)), customerShippingAddressIdList: within('numericString', []), validationDirectResponseList: within('string', []) } };
}

async function update(work: Work) {
  const profile = await profileOf(work, idIn(work.body));
  const now: Profile = { ...profile, given: { ...profile.given, ...some(profileIn(work.body), profileFields) } };
  saveProfile(work, now);
  tell(work, 'updated', now);
  return { body: {} };
}

async function remove(work: Work) {
  const profile = await profileOf(work, idIn(work.body));
  work.ledger.save('customer_profile', profile.id, null);
  tell(work, 'deleted', profile);
  return { body: {} };
}

async function find(work: Work) {
  const { body, context } = work;
  const id = textAt(body, 'customerProfileId');
  const [email, merchantId] = [textAt(body, 'email'), textAt(body, 'merchantCustomerId')];
  const [named] = id !== null || email === null && merchantId === null ? [] : (await context.list('customer_profile', { where: email === null ? { merchantId: merchantId! } : { email }, limit: 1 })).items;
  return { body: { profile: showProfile(named === undefined ? await profileOf(work, id) : named.value as Profile) } };
}

async function addMethod(work: Work) {
  const profile = await profileOf(work, idIn(work.body));
  const thing = asObject(at(work.body, 'paymentProfile')) ?? {};
  const added = await methodMade(work, thing, profile.methods.length === 0);
  const same = profile.methods.find((each) => each.masked === added.masked && each.type === added.type && identityOf(each.given) === identityOf(added.given) && JSON.stringify(each.given) === JSON.stringify(added.given));
  if (same !== undefined) throw new AnetFailure('E00039', 'A duplicate customer payment profile already exists.');
  saveProfile(work, { ...profile, methods: [...profile.methods.map((each) => added.isDefault ? { ...each, isDefault: false } : each), added] });
  tellOfMethod(work, 'created', profile, added);
  return { body: { customerProfileId: profile.id, customerPaymentProfileId: added.id, validationDirectResponse: '' } };
}

async function changeMethod(work: Work) {
  const profile = await profileOf(work, idIn(work.body));
  const thing = asObject(at(work.body, 'paymentProfile')) ?? {};
  const before = methodIn(profile, textAt(thing, 'customerPaymentProfileId'));
  // a number that is masked is the one that is there
  const number = textAt(thing, 'payment', 'creditCard', 'cardNumber') ?? '';
  const now = /^X+[0-9]{4}$/.test(number) || field(thing, 'payment') === undefined ? { ...before, given: { ...before.given, ...some(thing, ['customerType', 'billTo']) } } : { ...await methodMade(work, thing, before.isDefault), id: before.id };
  saveProfile(work, { ...profile, methods: profile.methods.map((each) => each.id === now.id ? now : each) });
  tellOfMethod(work, 'updated', profile, now);
  return { body: {} };
}

async function removeMethod(work: Work) {
  const profile = await profileOf(work, idIn(work.body));
  const gone = methodIn(profile, textAt(work.body, 'customerPaymentProfileId'));
  saveProfile(work, { ...profile, methods: profile.methods.filter(({ id }) => id !== gone.id) });
  tellOfMethod(work, 'deleted', profile, gone);
  return { body: {} };
}

async function findMethod(work: Work) {
  const profile = await profileOf(work, idIn(work.body));
  return { body: { paymentProfile: showPaymentProfile(profile.id, methodIn(profile, textAt(work.body, 'customerPaymentProfileId'))) } };
}

async function ofTransaction(work: Work) {
  const found = await findTransaction(work, textAt(work.body, 'transId'));
  if (found === null) throw notFound();
  const said = asObject(at(work.body, 'customer')) ?? { ...some(asObject(at(found.given, 'customer')), ['email']), ...(textAt(found.given, 'customer', 'id') === null ? {} : { merchantCustomerId: textAt(found.given, 'customer', 'id')! }) };
  const profile = await newProfile(work, said, [kept(work, found.method, some(found.given, ['billTo']), true)]);
  tell(work, 'created', profile);
  return { body: { customerProfileId: profile.id, customerPaymentProfileIdList: within('numericString', profile.methods.map(({ id }) => id)), customerShippingAddressIdList: within('numericString', []), validationDirectResponseList: within('string', []) } };
}

const named = (name: string, run: Operation['run'], effect?: Operation['effect']): Operation => ({ name: () => name, run, ...(effect === undefined ? {} : { effect }) });

export const profileOperations: Readonly<Record<string, Operation>> = {
  createCustomerProfileRequest: named('createCustomerProfile', create, reached), updateCustomerProfileRequest: named('updateCustomerProfile', update, reached), deleteCustomerProfileRequest: named('deleteCustomerProfile', remove, reached),
  createCustomerPaymentProfileRequest: named('createCustomerPaymentProfile', addMethod, reached), updateCustomerPaymentProfileRequest: named('updateCustomerPaymentProfile', changeMethod, reached), deleteCustomerPaymentProfileRequest: named('deleteCustomerPaymentProfile', removeMethod, reached),
  createCustomerProfileFromTransactionRequest: named('createCustomerProfileFromTransaction', ofTransaction, (body) => ({ ...reached(body), object: textAt(body, 'transId') })),
  getCustomerProfileRequest: named('getCustomerProfile', find), getCustomerPaymentProfileRequest: named('getCustomerPaymentProfile', findMethod),
  getCustomerProfileIdsRequest: named('getCustomerProfileIds', async ({ context }) => ({ body: { ids: within('numericString', (await context.list('customer_profile', { where: { all: 'yes' }, limit: 1000 })).items.map(({ id }) => id)) } })),
};

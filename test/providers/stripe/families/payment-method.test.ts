import { describe, expect, it } from 'vitest';
import { cardByToken, luhn, testCards } from '../../../../src/providers/stripe/test-cards.ts';
import { desk } from '../desk.ts';

const expiry = 'card[exp_month]=8&card[exp_year]=2030&card[cvc]=314';

describe('payment methods', () => {
  it('are made from a raw test card, of which four digits are kept', async () => {
    const stripe = desk();
    const made = await stripe('POST', '/v1/payment_methods', `type=card&card[number]=4242424242424242&${expiry}&billing_details[name]=Ann`);
    expect(made.body).toMatchObject({
      object: 'payment_method', type: 'card', customer: null, billing_details: { name: 'Ann', address: { city: null } },
      card: { brand: 'visa', last4: '4242', exp_month: 8, exp_year: 2030, checks: { cvc_check: 'pass' }, funding: 'credit' },
    });
    const kept = (await stripe('GET', `/v1/payment_methods/${made.body.id}`)).body;
    expect(kept).toEqual(made.body);
    expect(JSON.stringify(kept)).not.toContain('424242');
  });

  it.each([
    ['card[number]=4242424242424241', 'incorrect_number', 'number'], ['card[number]=4242424242424242&card[exp_year]=2020', 'invalid_expiry_year', 'exp_year'],
    ['card[number]=4242424242424242&card[exp_month]=13', 'invalid_expiry_month', 'exp_month'], ['card[number]=4242424242424242&card[cvc]=1', 'invalid_cvc', 'cvc'],
  ])('of %s are refused as %s', async (given, code, param) => {
    const defaults = expiry.split('&').filter((pair) => !given.includes(pair.split('=')[0]!)).join('&');
    expect(await desk()('POST', '/v1/payment_methods', `type=card&${given}&${defaults}`)).toMatchObject({ status: 402, body: { error: { type: 'card_error', code, param } } });
  });

  it('are never made from a number that is no test card', async () => {
    const number = `4539${'5787'}63621486`;
    expect(luhn(number)).toBe(true);
    const refused = await desk()('POST', '/v1/payment_methods', `type=card&card[number]=${number}&${expiry}`);
    expect(refused).toMatchObject({ status: 402, body: { error: { code: 'card_declined', decline_code: 'test_mode_live_card' } } });
    expect(JSON.stringify(refused.body)).not.toContain(number);
  });

  it('by test token are a new one each time they are attached', async () => {
    const stripe = desk();
    const { body: { id } } = await stripe('POST', '/v1/customers', 'name=Ann');
    const [one, two] = [await stripe('POST', '/v1/payment_methods/pm_card_visa/attach', `customer=${id}`), await stripe('POST', '/v1/payment_methods/pm_card_visa/attach', `customer=${id}`)];
    expect(one.body.customer).toBe(id);
    expect(one.body.id).toMatch(/^pm_1[0-9A-Za-z]{23}$/);
    expect(two.body.id).not.toBe(one.body.id);
    expect(two.body.card.fingerprint).toBe(one.body.card.fingerprint);
    expect(one.events).toEqual(['payment_method.attached']);
    expect((await stripe('GET', `/v1/payment_methods?customer=${id}&type=card`)).body.data.map((method) => method.id)).toEqual([two.body.id, one.body.id]);
    expect((await stripe('GET', `/v1/customers/${id}/payment_methods/${one.body.id}`)).body.id).toBe(one.body.id);
  });

  it('are detached once, and not twice', async () => {
    const stripe = desk();
    const { body: { id } } = await stripe('POST', '/v1/customers', 'name=Ann');
    const { body: method } = await stripe('POST', '/v1/payment_methods/pm_card_visa/attach', `customer=${id}`);
    expect(await stripe('POST', `/v1/payment_methods/${method.id}/detach`)).toMatchObject({ status: 200, body: { customer: null }, events: ['payment_method.detached'] });
    expect(await stripe('POST', `/v1/payment_methods/${method.id}/detach`)).toMatchObject({ status: 400, events: [] });
    expect((await stripe('GET', `/v1/payment_methods?customer=${id}`)).body.data).toEqual([]);
  });

  it('that decline cannot be saved, except the one made for failing later', async () => {
    const stripe = desk();
    const { body: { id } } = await stripe('POST', '/v1/customers', 'name=Ann');
    expect(await stripe('POST', '/v1/payment_methods/pm_card_chargeDeclined/attach', `customer=${id}`)).toMatchObject({ status: 402, body: { error: { code: 'card_declined', decline_code: 'generic_decline' } } });
    const saved = await stripe('POST', '/v1/payment_methods/pm_card_chargeCustomerFail/attach', `customer=${id}`);
    expect(saved.status).toBe(200);
    expect(await stripe('POST', '/v1/payment_intents', `amount=100&currency=usd&confirm=true&customer=${id}&payment_method=${saved.body.id}`)).toMatchObject({ status: 402 });
  });

  it('belong to one customer', async () => {
    const stripe = desk();
    const [ann, bob] = [await stripe('POST', '/v1/customers', 'name=Ann'), await stripe('POST', '/v1/customers', 'name=Bob')];
    const { body: method } = await stripe('POST', '/v1/payment_methods/pm_card_visa/attach', `customer=${ann.body.id}`);
    expect(await stripe('POST', `/v1/payment_methods/${method.id}/attach`, `customer=${bob.body.id}`)).toMatchObject({ status: 400 });
    expect(await stripe('POST', `/v1/payment_methods/${method.id}/attach`, 'customer=cus_nobody')).toMatchObject({ status: 400, body: { error: { param: 'customer', message: "No such customer: 'cus_nobody'" } } });
    const pay = (customer: string) => stripe('POST', '/v1/payment_intents', `amount=100&currency=usd&confirm=true&payment_method=${method.id}${customer}`);
    expect(await pay('')).toMatchObject({ status: 400, body: { error: { param: 'payment_method' } } });
    expect(await pay(`&customer=${bob.body.id}`)).toMatchObject({ status: 400 });
    expect(await pay(`&customer=${ann.body.id}`)).toMatchObject({ status: 200 });
  });

  it('are changed', async () => {
    const stripe = desk();
    const { body } = await stripe('POST', '/v1/payment_methods', `type=card&card[number]=5555555555554444&${expiry}`);
    const changed = await stripe('POST', `/v1/payment_methods/${body.id}`, 'card[exp_year]=2040&billing_details[email]=ann%40x.test&metadata[a]=1');
    expect(changed.body).toMatchObject({ card: { exp_month: 8, exp_year: 2040, brand: 'mastercard' }, billing_details: { email: 'ann@x.test', name: null }, metadata: { a: '1' } });
  });

  it('of another type are refused by name, not pretended', async () => {
    expect(await desk()('POST', '/v1/payment_methods', 'type=sepa_debit&sepa_debit[iban]=DE89370400440532013000')).toMatchObject({
      status: 400, body: { error: { code: 'fourthwall_not_simulated', message: expect.stringContaining("'sepa_debit'") } },
    });
  });
});

describe('the test cards', () => {
  it('have a valid check digit, one token one card, and tell their fingerprints apart', () => {
    expect(testCards.filter(({ number }) => !luhn(number))).toEqual([]);
    const tokens = testCards.flatMap((card) => card.tokens);
    expect(new Set(tokens).size).toBe(tokens.length);
    expect(new Set(testCards.map((card) => card.fingerprint)).size).toBe(testCards.length);
    expect(cardByToken('tok_visa')).toBe(cardByToken('pm_card_visa'));
    expect(cardByToken('pm_card_visa_chargeDeclined')).toBe(cardByToken('pm_card_chargeDeclined'));
    expect(cardByToken('pm_card_nosuch')).toBeNull();
    expect(cardByToken('visa')).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { stripe } from '../../../src/providers/stripe/index.ts';
import { memory } from '../../support/simulation-context.ts';
import { stripeRequest } from './desk.ts';
import type { CallOptions, Shown } from './desk.ts';

/** Two calls that both read before either has written. What the second remembers must clash, and run again. */
function race() {
  const kept = memory();
  let call = 0;
  const simulate = async (method: string, target: string, body: string, options: CallOptions = {}) => {
    const request = stripeRequest(method, target, body, options);
    call += 1;
    const { reply, remember = [] } = await stripe.simulate(request, stripe.decode(request), kept.context({ call, liveness: 'test' }));
    return { status: reply.status, headers: reply.headers, body: JSON.parse(Buffer.from(reply.body).toString('utf8')) as Shown, keep: () => kept.keep(remember) };
  };
  return simulate;
}

describe('two calls at once', () => {
  it('with one idempotency key: the later runs again and gets the first answer', async () => {
    const simulate = race();
    const create = () => simulate('POST', '/v1/payment_intents', 'amount=1099&currency=eur&payment_method=pm_card_visa&confirm=true', { headers: [['Idempotency-Key', 'k1']] });
    const [first, second] = [await create(), await create()];
    first.keep();
    expect(second.keep).toThrow(/idempotency k1 has version 1/);
    const again = await create();
    expect(again.body).toEqual(first.body);
    expect(again.headers).toContainEqual(['Idempotent-Replayed', 'true']);
  });

  it('that refund the same charge never give back more than was paid', async () => {
    const simulate = race();
    const paid = await simulate('POST', '/v1/payment_intents', 'amount=1099&currency=eur&payment_method=pm_card_visa&confirm=true');
    paid.keep();
    const refund = () => simulate('POST', '/v1/refunds', `payment_intent=${paid.body.id}&amount=600`);
    const [first, second] = [await refund(), await refund()];
    expect([first.status, second.status]).toEqual([200, 200]);
    first.keep();
    expect(second.keep).toThrow(/charge ch_\w+ has version/);
    expect(await refund()).toMatchObject({ status: 400, body: { error: { param: 'amount' } } });
  });

  it('that capture the same payment capture it once', async () => {
    const simulate = race();
    const held = await simulate('POST', '/v1/payment_intents', 'amount=1099&currency=eur&payment_method=pm_card_visa&confirm=true&capture_method=manual');
    held.keep();
    const capture = () => simulate('POST', `/v1/payment_intents/${held.body.id}/capture`, '');
    const [first, second] = [await capture(), await capture()];
    first.keep();
    expect(second.keep).toThrow(/has version/);
    expect(await capture()).toMatchObject({ status: 400, body: { error: { code: 'payment_intent_unexpected_state' } } });
  });
});

import { describe, expect, it } from 'vitest';
import { stripe } from '../../../src/providers/stripe/index.ts';
import { memory } from '../../support/simulation-context.ts';
import { stripeRequest } from './desk.ts';

/** The calls one after the other; what the last one comes to, before it is answered. */
async function lastOf(...calls: readonly string[]): Promise<unknown> {
  const kept = memory();
  const ids: string[] = [];
  const request = (call: string) => {
    const [target = '', body = ''] = call.replaceAll(/\{(\d)\}/g, (_, index: string) => ids[Number(index)]!).split(' ');
    return stripeRequest('POST', target, body);
  };
  for (const [index, call] of calls.slice(0, -1).entries()) {
    const { reply, remember } = await stripe.simulate(request(call), stripe.decode(request(call)), kept.context({ call: index + 1 }));
    kept.keep(remember ?? []);
    ids.push((JSON.parse(Buffer.from(reply.body).toString('utf8')) as { readonly id: string }).id);
  }
  const last = request(calls.at(-1)!);
  const told = await stripe.recalled(last, stripe.decode(last), kept.context());
  return told.kind === 'effects' ? told.effects[0] : told;
}

const ann = '/v1/customers email=ann%40x.test';
const invoiced = [ann, '/v1/invoices customer={0}&currency=eur&metadata[order]=7', '/v1/invoiceitems customer={0}&invoice={1}&amount=1999&currency=eur'] as const;
const paid = '/v1/payment_intents amount=4200&currency=jpy&receipt_email=ann%40x.test&payment_method=pm_card_visa&metadata[order]=7';

describe('a call that names its object by id alone', () => {
  it.each<[string, readonly string[], string, string | null, string | null]>([
    ['sends an invoice', [...invoiced, '/v1/invoices/{1}/send'], 'invoice', '1999', '7'],
    ['finalizes an invoice', [...invoiced, '/v1/invoices/{1}/finalize'], 'invoice', '1999', '7'],
    ['pays an invoice', [...invoiced, '/v1/invoices/{1}/pay payment_method=pm_card_visa'], 'invoice', '1999', '7'],
    ['confirms a payment', [paid, '/v1/payment_intents/{0}/confirm'], 'receipt', '4200', '7'],
    ['captures a part', [`${paid}&confirm=true&capture_method=manual`, '/v1/payment_intents/{0}/capture amount_to_capture=200'], 'receipt', '200', '7'],
    ['refunds it all', [`${paid}&confirm=true`, '/v1/refunds payment_intent={0}'], 'receipt', '4200', '7'],
    ['refunds what is left', [`${paid}&confirm=true`, '/v1/refunds payment_intent={0}&amount=200', '/v1/refunds payment_intent={0}'], 'receipt', '4000', '7'],
    ['subscribes a customer who gets invoices', [ann, '/v1/subscriptions customer={0}&items[0][price]=price_1&collection_method=send_invoice&days_until_due=3'], 'invoice', null, null],
  ])('%s to whoever Stripe would write to', async (_, calls, role, minor, order) => {
    expect(await lastOf(...calls)).toMatchObject({
      recipients: [{ address: 'ann@x.test', kind: 'email', role }], amount: minor === null ? null : { minor }, keys: order === null ? [] : [{ name: 'order', value: order }],
    });
  });

  it.each([
    ['/v1/invoices/in_nobody/send'], ['/v1/payment_intents/pi_nobody/confirm'], ['/v1/refunds payment_intent=pi_nobody'], ['/v1/invoices/in_nobody/void'], ['/v1/refunds'],
  ])('%s that is not remembered stays as it was decoded', async (call) => {
    const [target = '', body = ''] = call.split(' ');
    const request = stripeRequest('POST', target, body);
    expect(await stripe.recalled(request, stripe.decode(request), memory().context())).toEqual(stripe.decode(request));
  });

  it('never loses anybody whom it names itself', async () => {
    expect(await lastOf(paid, '/v1/payment_intents/{0}/confirm receipt_email=bob%40x.test')).toMatchObject({ recipients: [{ address: 'bob@x.test' }, { address: 'ann@x.test' }] });
  });
});

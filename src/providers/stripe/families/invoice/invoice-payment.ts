import { asString, field } from '../../../wire/json.ts';
import type { JsonObject } from '../../../wire/json.ts';
import { notFound } from '../../errors.ts';
import { created, listPage, pageParams } from '../../list.ts';
import { nested } from '../../nested.ts';
import { indexed, ok, operation } from '../../operation.ts';
import type { Family } from '../../operation.ts';
import { oneOf, text } from '../../params.ts';

/** Which payment pays which invoice. https://docs.stripe.com/api/invoice-payment */
export const invoicePayments: Family = {
  kind: 'invoice_payment',
  prefix: 'inpay_',
  index: (payment) => indexed({ invoice: payment['invoice'], status: payment['status'], payment_intent: asString(field(payment['payment'] as JsonObject, 'payment_intent')) }),
  operations: {
    'invoice_payments.retrieve': operation({}, async (_, work) => {
      const found = await work.find('invoice_payment', work.ids[0]!);
      if (found === null) throw notFound('invoice payment', work.ids[0]!, 'invoice_payment');
      return ok(found);
    }),
    'invoice_payments.list': operation({ ...pageParams, created, invoice: text, payment: nested({ payment_intent: text, payment_record: text, type: text }), status: oneOf('canceled', 'open', 'paid') }, async (given, work) => ok(await listPage(work, {
      kind: 'invoice_payment', noun: 'invoice payment', url: '/v1/invoice_payments', page: given, keep: given.created ?? undefined,
      where: { invoice: given.invoice, status: given.status, payment_intent: given.payment?.payment_intent },
    }))),
  },
};

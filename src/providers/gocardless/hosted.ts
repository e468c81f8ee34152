import type { Chosen, HostedPage, Hosting, PayerChoice } from '../../model/hosted-page.ts';
import type { SimulationContext } from '../../model/provider.ts';
import { goBack, returnTo } from '../wire/go-back.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { closeBooks, openBooks } from './books.ts';
import type { Books } from './books.ts';
import { authoriseRequest } from './authorise.ts';
import { isOpen, tellRequest } from './billing-request.ts';
import type { BillingRequest } from './billing-request.ts';
import type { RedirectFlow } from './flows.ts';
import { linkOf, textOf } from './objects.ts';
import type { View } from './objects.ts';
import { moneyOf } from './payments.ts';

interface FlowAtHand { readonly flow: View; readonly request: BillingRequest }

async function flowAtHand({ ledger }: Pick<Books, 'ledger'>, id: string): Promise<FlowAtHand | null> {
  const flow = await ledger.find<View>('billing_request_flow', id);
  const request = flow === null ? null : await ledger.find<BillingRequest>('billing_request', linkOf(flow, 'billing_request') ?? '');
  return flow === null || request === null ? null : { flow, request };
}

const payment = (request: BillingRequest): JsonObject | null => asObject(field(request, 'payment_request'));
const isThrough = (request: BillingRequest): boolean => !isOpen(request) || request['status'] === 'ready_to_fulfil';

function choicesOf({ flow, request }: FlowAtHand): readonly PayerChoice[] {
  if (isThrough(request)) return [];
  return ['pay', ...(payment(request) === null ? [] : ['decline'] as const), ...(textOf(flow, 'exit_uri') === null ? [] : ['cancel'] as const)];
}

async function showFlow(context: SimulationContext, id: string): Promise<HostedPage | null> {
  const books = openBooks(context);
  const at = await flowAtHand(books, id);
  if (at === null) return null;
  const customer = await books.ledger.find<View>('customer', linkOf(at.request, 'customer') ?? '');
  const asked = payment(at.request);
  const mandate = asObject(field(at.request, 'mandate_request'));
  return {
    title: `Billing request ${at.request.id}`, amount: moneyOf(asked), payer: textOf(asObject(field(at.flow, 'prefilled_customer')), 'email') ?? textOf(customer, 'email'),
    lines: [
      ...(asked === null ? [] : [{ text: textOf(asked, 'description') ?? 'A payment', amount: moneyOf(asked) }]),
      ...(mandate === null ? [] : [{ text: textOf(mandate, 'description') ?? 'A mandate for direct debits', amount: null }]),
    ],
    choices: choicesOf(at), status: isThrough(at.request) ? `This billing request is ${(textOf(at.request, 'status') ?? '').replaceAll('_', ' ')}.` : null, back: isThrough(at.request) ? returnTo(...(textOf(at.request, 'status') === 'cancelled' ? [textOf(at.flow, 'exit_uri'), []] as const : back(at.flow, 'success'))) : null,
  };
}

type Back = readonly [url: string | null, added: readonly (readonly [string, string])[]];

/** The flow's id and how it went come with the payer. https://developer.gocardless.com/api-reference/#bank-authorisations */
function back(flow: View, outcome: 'success' | 'failure'): Back {
  return [textOf(flow, 'redirect_uri'), [['outcome', outcome], ['id', flow.id]]];
}

async function chooseFlow(context: SimulationContext, id: string, choice: PayerChoice): Promise<Chosen | null> {
  const books = openBooks(context);
  const at = await flowAtHand(books, id);
  if (at === null) return null;
  if (!choicesOf(at).includes(choice)) return { goTo: null, says: 'There is nothing left to do here.' };
  if (choice === 'cancel') {
    tellRequest(books, at.request, 'flow_exited', 'payer', { billing_request_flow: id });
    return { ...closeBooks(books), ...goBack(textOf(at.flow, 'exit_uri'), [], 'You have left this page.') };
  }
  if (choice === 'decline') {
    tellRequest(books, at.request, 'bank_authorisation_denied', 'payer', { billing_request_flow: id });
    return { ...closeBooks(books), ...goBack(...back(at.flow, 'failure'), 'The bank did not authorise the payment.') };
  }
  await authoriseRequest(books, at.request, asObject(field(at.flow, 'prefilled_customer')) ?? {}, field(at.flow, 'auto_fulfil') !== false);
  return { ...closeBooks(books), ...goBack(...back(at.flow, 'success'), 'Thank you. You may close this page.') };
}

async function showRedirect(context: SimulationContext, id: string): Promise<HostedPage | null> {
  const flow = await openBooks(context).ledger.find<RedirectFlow>('redirect_flow', id);
  if (flow === null) return null;
  return {
    title: `Redirect flow ${id}`, amount: null, payer: textOf(flow.prefilled as JsonObject, 'email'), lines: [{ text: textOf(flow.view, 'description') ?? 'A mandate for direct debits', amount: null }],
    choices: flow.visited ? [] : ['pay'],
    status: flow.completed ? 'This mandate was set up.' : flow.visited ? 'The mandate was authorised; the application has not completed the flow yet.' : null,
    back: flow.visited ? returnTo(...afterRedirect(flow)) : null,
  };
}

function afterRedirect({ view }: RedirectFlow): Back {
  return [textOf(view, 'success_redirect_url'), [['redirect_flow_id', view.id]]];
}

async function chooseRedirect(context: SimulationContext, id: string): Promise<Chosen | null> {
  const books = openBooks(context);
  const flow = await books.ledger.find<RedirectFlow>('redirect_flow', id);
  if (flow === null) return null;
  if (flow.visited) return { goTo: null, says: 'This mandate was authorised already.' };
  books.ledger.save('redirect_flow', id, { ...flow, visited: true });
  return { ...closeBooks(books), ...goBack(...afterRedirect(flow), 'The mandate was authorised.') };
}

export const hosted: Hosting = {
  show: async ({ kind, id }, context) => kind === 'billing_request_flow' ? showFlow(context, id) : kind === 'redirect_flow' ? showRedirect(context, id) : null,
  choose: async ({ kind, id }, choice, context) => kind === 'billing_request_flow' ? chooseFlow(context, id, choice) : kind === 'redirect_flow' ? chooseRedirect(context, id) : null,
};

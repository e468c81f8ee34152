import { createHash } from 'node:crypto';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { isOpen, tellRequest } from './billing-request.ts';
import { requestOf } from './billing-requests.ts';
import { newBankAccount, newCustomer } from './customers.ts';
import { invalid, misuse, notFound, wrongState } from './errors.ts';
import { newMandate, tellMandate } from './mandate.ts';
import { creditor, iso, linkOf, schemes, some, textOf } from './objects.ts';
import type { View } from './objects.ts';
import { action, one, operation } from './operation.ts';
import type { Answer, Work } from './operation.ts';

const day = 24 * 3600_000;

/** Our page stands where GoCardless's would. Its URL is no part of what is remembered: it is made of the id. */
const showFlow = ({ context }: Pick<Work, 'context'>, flow: View) => ({ ...flow, authorisation_url: context.page('billing_request_flow', flow.id) });

async function createFlow(work: Work): Promise<Answer> {
  const { body, now } = work;
  const id = linkOf(body, 'billing_request');
  if (id === null) throw invalid('/billing_request_flows/links/billing_request', "can't be blank");
  const request = await requestOf(work, id);
  if (!isOpen(request)) throw wrongState('billing_request_not_pending', `This billing request is ${textOf(request, 'status') ?? ''}: its payer has nothing left to do`);
  const flow: View = {
    id: work.id('BRF'), created_at: iso(now), expires_at: iso(now + 7 * day), auto_fulfil: true, redirect_uri: null, exit_uri: null, language: null, lock_bank_account: false, lock_currency: false, lock_customer_details: false,
    show_redirect_buttons: false, show_success_redirect_button: false, skip_success_screen: false, customer_details_captured: false, session_token: null, prefilled_customer: null,
    ...some(body, ['auto_fulfil', 'redirect_uri', 'exit_uri', 'language', 'lock_bank_account', 'lock_currency', 'lock_customer_details', 'show_redirect_buttons', 'show_success_redirect_button', 'skip_success_screen', 'customer_details_captured', 'prefilled_customer', 'prefilled_bank_account']),
    links: { billing_request: id },
  };
  work.ledger.save('billing_request_flow', flow.id, flow);
  tellRequest(work, request, 'flow_created', 'api', { billing_request_flow: flow.id });
  return { status: 201, body: { billing_request_flows: showFlow(work, flow) } };
}

/** A redirect flow and what is not shown of it: its session token only as a fingerprint, whether its payer was at our page. */
export interface RedirectFlow {
  readonly view: View;
  /** not named a token: the store would blot it out */
  readonly session: string;
  readonly visited: boolean;
  readonly completed: boolean;
  /** what the payer finds filled in */
  readonly prefilled: Readonly<Record<string, unknown>>;
}

const fingerprint = (token: string): string => createHash('sha256').update(token).digest('hex');

function showRedirect({ context }: Pick<Work, 'context'>, { view, completed }: RedirectFlow, token: string | null): Answer['body'] {
  const url = context.page('redirect_flow', view.id);
  return { redirect_flows: { ...view, ...(token === null ? {} : { session_token: token }), redirect_url: url, ...(completed ? { confirmation_url: url } : {}) } };
}

async function createRedirect(work: Work): Promise<Answer> {
  const { body } = work;
  const token = textOf(body, 'session_token');
  if (!token) throw invalid('/redirect_flows/session_token', "can't be blank");
  if (!/^https?:\/\/./.test(textOf(body, 'success_redirect_url') ?? '')) throw invalid('/redirect_flows/success_redirect_url', field(body, 'success_redirect_url') === undefined ? "can't be blank" : 'is not a valid URL');
  const scheme = textOf(body, 'scheme');
  if (scheme !== null && !Object.values(schemes).includes(scheme)) throw invalid('/redirect_flows/scheme', 'is not included in the list');
  const flow: RedirectFlow = {
    view: { id: work.id('RE'), created_at: iso(work.now), description: null, scheme: null, ...some(body, ['description', 'scheme', 'success_redirect_url']), metadata: asObject(field(body, 'metadata')) ?? {}, links: { creditor } },
    session: fingerprint(token), visited: false, completed: false, prefilled: asObject(field(body, 'prefilled_customer')) ?? {},
  };
  work.ledger.save('redirect_flow', flow.view.id, flow);
  return { status: 201, body: showRedirect(work, flow, token) };
}

async function redirectOf(work: Work): Promise<RedirectFlow> {
  const flow = await work.ledger.find<RedirectFlow>('redirect_flow', work.call.ids[0]!);
  if (flow === null) throw notFound();
  return flow;
}

/** What the payer typed in at GoCardless: here what was filled in for them, and the bank account of the sandbox. */
export const typedAccount = { account_holder_name: 'Fourthwall Payer', account_number: '55779911' } as const;

async function complete(work: Work): Promise<Answer> {
  const flow = await redirectOf(work);
  const token = asString(field(work.body, 'session_token'));
  if (token === null || fingerprint(token) !== flow.session) throw misuse(400, 'bad_request', 'The session token is not that of this redirect flow');
  if (flow.completed) throw wrongState('redirect_flow_already_completed', 'The redirect flow has already been completed');
  if (!flow.visited) throw wrongState('redirect_flow_incomplete', 'Your customer has not completed this redirect flow yet');
  const customer = newCustomer(work.id('CU'), work.now, { given_name: 'Fourthwall', family_name: 'Payer', country_code: 'GB', ...flow.prefilled });
  work.ledger.save('customer', customer.id, customer);
  const scheme = textOf(flow.view, 'scheme');
  const currency = Object.entries(schemes).find(([, each]) => each === scheme)?.[0];
  const account = newBankAccount(work, customer.id, { ...typedAccount, country_code: textOf(customer, 'country_code') ?? 'GB', ...(currency === undefined ? {} : { currency }) }, '/data');
  work.ledger.save('customer_bank_account', account.id, account);
  const mandate = newMandate(work, { account, scheme, given: some(flow.view, ['metadata']) });
  tellMandate(work, mandate, 'created');
  const after: RedirectFlow = { ...flow, completed: true, view: { ...flow.view, links: { creditor, mandate: mandate.id, customer: customer.id, customer_bank_account: account.id } } };
  work.ledger.save('redirect_flow', flow.view.id, after);
  return { status: 200, body: showRedirect(work, after, null) };
}

export const flowRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/billing_request_flows$/, operation: 'billing_request_flows.create', envelope: 'billing_request_flows', run: createFlow,
    effect: (body) => ({ object: linkOf(body, 'billing_request') }),
  }),
  operation({ method: 'POST', path: /^\/redirect_flows$/, operation: 'redirect_flows.create', envelope: 'redirect_flows', once: true, effect: (body) => ({ description: textOf(body, 'description') }), run: createRedirect }),
  operation({ method: 'GET', path: one('redirect_flows', 'RE'), operation: 'redirect_flows.get', run: async (work) => ({ status: 200, body: showRedirect(work, await redirectOf(work), null) }) }),
  operation({ method: 'POST', path: action('redirect_flows', 'RE', 'complete'), operation: 'redirect_flows.complete', effect: () => ({}), run: complete }),
];

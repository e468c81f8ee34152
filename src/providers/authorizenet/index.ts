import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { toSandbox } from '../wire/sandbox.ts';
import { merchantAuthentication } from './sandbox-credential.ts';
import { accountOf, callOf } from './call.ts';
import type { Call } from './call.ts';
import { declines } from './errors.ts';
import { hostedOperations, hosting } from './hosted.ts';
import { later, laterEvents } from './later.ts';
import { answered } from './operation.ts';
import type { Operation } from './operation.ts';
import { keysOf, peopleOf } from './people.ts';
import { hosts, livenessOf } from './place.ts';
import { profileOperations } from './profiles.ts';
import { recalled } from './recalled.ts';
import { answerReply } from './reply.ts';
import { seed } from './seed.ts';
import { subscriptionOperations } from './subscriptions.ts';
import { transactionTypes } from './transact.ts';
import { transactionOperations } from './transactions.ts';
import { sign } from './webhook.ts';

const operations: Readonly<Record<string, Operation>> = { ...transactionOperations, ...profileOperations, ...subscriptionOperations, ...hostedOperations };

function found(call: Call): { readonly operation: Operation; readonly name: string } | null {
  const operation = Object.hasOwn(operations, call.root) ? operations[call.root]! : null;
  const name = operation?.name(call.body) ?? null;
  return operation === null || name === null ? null : { operation, name };
}

function decode(request: HttpRequest): Decoded {
  const call = callOf(request);
  if (call.kind === 'unreadable') return unrecognized(call.why);
  const one = found(call);
  if (one === null) return unrecognized(`${/^[A-Za-z]{1,60}$/.test(call.root) ? call.root : 'this request'} is not simulated${call.root === 'createTransactionRequest' ? ' with this transactionType' : ''}`);
  const liveness = livenessOf(request);
  const { operation: { effect }, name } = one;
  if (effect === undefined) return { kind: 'read', operation: name, liveness };
  const { keysIn = null, ...reached } = effect(call.body);
  return { kind: 'effects', effects: [{ channel: 'payment', provider: 'authorizenet', operation: name, liveness, recipients: peopleOf(call.body), keys: keysOf(call.body, keysIn), ...reached }] };
}

/** Authorize.Net: one endpoint for JSON and XML, whose root is the operation. Live and sandbox are other hosts. https://developer.authorize.net/api/reference/ */
export const authorizenet = {
  name: 'authorizenet',
  channels: ['payment'],
  about: {
    operations: [...transactionTypes.map((type) => `createTransaction.${type}`), ...Object.keys(operations).filter((root) => root !== 'createTransactionRequest').map((root) => root.replace(/Request$/, ''))],
    fidelity: 'charges, captures, refunds, voids, customer and payment profiles, recurring billing, hosted payment forms and the reads of them are simulated with memory, JSON and XML alike, in the order that the schema asks for; what was captured is settled a day later or when it is made to happen, and a subscription takes money only when that is made to happen; the token of a hosted form is the address of the page here, in base64url, and nothing at Authorize.Net; opaque data counts as a Visa that pays; held and partial authorizations, shipping addresses, batches, hosted profile pages, receipts and the webhooks API are not simulated',
    verified: { sdk: 'authorizenet', version: '1.0.10', date: '2026-11-21' },
  },
  hosts: hosts.map((host) => ({ host })),
  account: accountOf,

  decode,

  recalled,

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const call = callOf(request);
    const one = call.kind === 'call' ? found(call) : null;
    return one === null ? { reply: refusal(request, 'E00004', 'The name of the requested API method is invalid.') } : answered(request, one.operation, context, livenessOf(request));
  },

  /** The SDK looks at nothing but the body, and with any other status than 200 it never calls back. */
  reject(request, { rule, reason, capture }) {
    return refusal(request, 'E00011', `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`);
  },

  events: laterEvents,
  later,
  sign,
  declines,
  adopts: ['customer_profile'],
  seed,
  hosted: hosting,
  ...toSandbox(decode, { keep: [], present: merchantAuthentication }),
} as const satisfies HttpProvider;

function refusal(request: HttpRequest, code: string, text: string): HttpResponse {
  const call = callOf(request);
  const { root, format } = call.kind === 'call' ? call : { root: '', format: 'json' as const };
  return answerReply({ root, format }, null, { body: {}, message: { code, text } });
}

function unrecognized(why: string): Decoded {
  return { kind: 'unrecognized', why: `Authorize.Net: ${why}` };
}

import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { asArray, asString, field } from '../wire/json.ts';
import { leaves } from '../wire/unknown-fields.ts';
import { asksForAnotherMethod } from '../wire/method-override.ts';
import { emptyReply, jsonReply, textReply } from '../wire/reply.ts';
import { strangers } from '../wire/strangers.ts';
import { attachmentsOf, known, mentionsIn, readCard, saidBy } from './card.ts';
import type { Card } from './card.ts';
import { hookOf } from './hook.ts';

/**
 * Microsoft Teams by webhook: connectors (*.webhook.office.com) and workflows of Power Automate and Logic Apps. Graph's messages are
 * the msgraph provider's. The workflows' hosts serve every Logic App there is: only what is a Teams message is understood.
 */
export const teams = {
  name: 'teams',
  channels: ['chat'],
  about: {
    operations: ['incoming_webhook', 'workflow.trigger'],
    fidelity: 'message cards and adaptive cards to incoming webhooks and workflows; any other call of a Logic App or a flow is unrecognized, what a workflow does with a card is not known, nothing is read back, and Teams tells nobody of deliveries; no bots (Bot Framework), outlook.office.com or sovereign clouds',
    verified: null,
  },
  hosts: [{ host: '*.webhook.office.com' }, { host: '*.*.logic.azure.com' }, { host: '*.*.environment.api.powerplatform.com' }],

  account(request) {
    const hook = hookOf(request);
    return hook.kind === 'unreadable' ? null : hook.name;
  },

  decode(request): Decoded {
    if (asksForAnotherMethod(request.headers)) return unrecognized('a header asks for another method');
    const hook = hookOf(request);
    if (hook.kind === 'unreadable') return unrecognized(hook.why);
    if (request.method !== 'POST') return unrecognized(`a webhook takes a POST, not a ${request.method}`);
    const card = readCard(request);
    if (card.kind === 'unreadable') return unrecognized(card.why);
    if (hook.kind === 'workflow' && card.form === 'bare') return unrecognized('the body is no Teams message: what the workflow makes of it is not known');
    const recipients: readonly Addressee[] = [{ address: hook.name, kind: 'chat', role: hook.kind === 'workflow' ? 'workflow' : 'webhook' }, ...mentionsIn(card.body)];
    const unknown = Object.fromEntries(Object.entries(card.body).filter(([name]) => !known.includes(name)));
    return {
      kind: 'effects',
      effects: [{
        channel: 'chat', provider: 'teams', operation: hook.kind === 'workflow' ? 'workflow.trigger' : 'incoming_webhook', liveness: 'unknown',
        recipients: [...recipients, ...strangers(leaves(unknown, 'body'), recipients)], keys: [], from: null, text: saidBy(card.body), attachments: attachmentsOf(card),
      }],
    };
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const hook = hookOf(request);
    const card = readCard(request);
    if (hook.kind === 'unreadable') return { reply: textReply(404, '') };
    if (hook.kind === 'workflow') {
      return { reply: hook.signed ? emptyReply(202, [['x-ms-workflow-run-id', context.id('0858', { length: 32, alphabet: 'digits' })], ['x-ms-tracking-id', context.uuid()]]) : workflowError(401, 'DirectApiAuthorizationRequired', 'The request must be authenticated only by Shared Access scheme.') };
    }
    return { reply: (card.kind === 'unreadable' ? textReply(400, 'Bad payload received by generic incoming webhook.') : faultOf(card)) ?? textReply(200, '1') };
  },

  reject(request, { rule, reason, capture }) {
    const why = `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`;
    return isConnector(request) ? textReply(403, why) : workflowError(403, 'AuthorizationFailed', why);
  },
} as const satisfies HttpProvider;

function isConnector({ authority: { host } }: HttpRequest): boolean {
  return host.endsWith('.webhook.office.com');
}

/** What a connector itself refuses. */
function faultOf({ form, body }: Card): HttpResponse | null {
  if (form === 'message') return (asArray(field(body, 'attachments'))?.length ?? 0) === 0 && (asString(field(body, 'text')) ?? '') === '' ? textReply(400, 'Bad payload received by generic incoming webhook.') : null;
  if (form === 'AdaptiveCard') return textReply(400, 'Summary or Text is required.');
  return (asString(field(body, 'text')) ?? asString(field(body, 'summary')) ?? '') === '' ? textReply(400, 'Summary or Text is required.') : null;
}

function workflowError(status: 401 | 403, code: string, message: string): HttpResponse {
  return jsonReply(status, { error: { code, message } });
}

function unrecognized(why: string): Decoded {
  return { kind: 'unrecognized', why: `Teams: ${why}` };
}

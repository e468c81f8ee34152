import { describe, expect, it } from 'vitest';
import type { HttpRequest, HttpResponse } from '../../src/model/exchange.ts';
import { createClaims } from '../../src/providers/claims.ts';
import { teams } from '../../src/providers/teams/index.ts';
import { parseHttpFile } from '../support/http-file.ts';
import { memory } from '../support/simulation-context.ts';

const id = (last: number): string => `00000000-0000-4000-8000-00000000000${last}`;
const connector = (secret = 'f'.repeat(32)): string => `/webhookb2/${id(0)}@${id(1)}/IncomingWebhook/${secret}/${id(2)}`;
const signature = 'api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=abc';
const workflow = `/workflows/${'0'.repeat(32)}/triggers/manual/paths/invoke`;
const call = (target: string, body: unknown = { text: 'hi' }, { method = 'POST', type = 'application/json', host = target.startsWith('/webhookb2') ? 'contoso.webhook.office.com' : 'prod-00.westeurope.logic.azure.com', more = 'Accept: */*' } = {}): HttpRequest =>
  parseHttpFile(Buffer.from(`${method} ${target} HTTP/1.1\nHost: ${host}\nContent-Type: ${type}\n${more}\n\n${JSON.stringify(body)}`));
const card = { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: { type: 'AdaptiveCard', body: [] } }] };
const answer = async (request: HttpRequest): Promise<HttpResponse> => (await teams.simulate(request, teams.decode(request), memory().context())).reply;
const text = ({ body }: HttpResponse): string => Buffer.from(body).toString();

describe('what cannot be told for sure is not recognised:', () => {
  it.each<[string, HttpRequest]>([
    ['another Logic App', call(`${workflow}?${signature}`, { order: 'o-42' })],
    ['a text alone, which a workflow may take for anything', call(`${workflow}?${signature}`, { text: 'hi' })],
    ['a workflow with more in its query', call(`${workflow}?${signature}&to=ann`, card)],
    ['a workflow signed twice', call(`${workflow}?${signature}&sig=def`, card)],
    ['a workflow that is asked for by GET', call(`${workflow}?${signature}`, card, { method: 'GET' })],
    ['a workflow that is to be changed', call(`/workflows/${'0'.repeat(32)}?${signature}`, card)],
    ['a path below a trigger', call(`${workflow}/orders/42?${signature}`, card)],
    ['a connector without its owner', call(`/webhookb2/${id(0)}@${id(1)}/IncomingWebhook/${'f'.repeat(32)}`)],
    ['a connector with a query', call(`${connector()}?a=b`)],
    ['a connector of another sort', call(connector().replace('IncomingWebhook', 'Jira'))],
    ['an escaped @', call(connector().replace('@', '%40'))],
    ['a double slash', call(connector().replace('/Incoming', '//Incoming'))],
    ['a form', call(connector(), { text: 'hi' }, { type: 'application/x-www-form-urlencoded' })],
    ['a list', call(connector(), [{ text: 'hi' }])],
    ['a second spelling', call(connector(), { text: 'hi', Attachments: [] })],
    ['a type nobody knows', call(connector(), { type: 'event', text: 'hi' })],
    ['a card as a text that is no JSON', call(`${workflow}?${signature}`, { type: 'message', attachments: [{ content: '{"type":' }] })],
    ['attachments that are no list', call(connector(), { type: 'message', attachments: {} })],
    ['a header that asks for another method', call(connector(), { text: 'hi' }, { more: 'X-HTTP-Method-Override: GET' })],
  ])('%s', (_what, request) => {
    expect(teams.decode(request)).toMatchObject({ kind: 'unrecognized', why: expect.stringMatching(/^Teams: (?!.*(?:ffff|abc))/) });
  });
});

it('tells two webhooks of one team apart, and gives away the secret of neither', () => {
  const names = ['f', 'e'].map((secret) => {
    const decoded = teams.decode(call(connector(secret.repeat(32))));
    expect(JSON.stringify(decoded)).not.toContain(secret.repeat(32));
    return decoded.kind === 'effects' ? decoded.effects[0]!.recipients[0]!.address : null;
  });
  expect(names[0]).toMatch(/^contoso\/[0-9a-f@-]{73}\/[0-9a-f]{12}$/);
  expect(names[1]).not.toBe(names[0]);
});

it.each<[string, object, { readonly kind: string; readonly address: string }]>([
  ['by address', { id: 'ann@customer.example' }, { kind: 'email', address: 'ann@customer.example' }],
  ['by id', { id: id(9) }, { kind: 'chat', address: id(9) }],
  ['as a tag', { id: 'VGFn', type: 'tag' }, { kind: 'audience', address: 'VGFn' }],
  ['by nothing', {}, { kind: 'chat', address: 'an unnamed person' }],
])('finds whom a card calls %s', (_what, mentioned, expected) => {
  const content = { type: 'AdaptiveCard', body: [], msteams: { entities: [{ type: 'mention', text: '<at>x</at>', mentioned }] } };
  for (const request of [call(connector(), { ...card, attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }] }), call(`${workflow}?${signature}`, { ...card, attachments: [{ content: JSON.stringify(content) }] }), call(`${workflow}?${signature}`, content), call(connector(), { text: 'hi', entities: content.msteams.entities })]) {
    expect(teams.decode(request)).toMatchObject({ effects: [{ recipients: [{}, { ...expected, role: 'mention' }] }] });
  }
});

it('answers as the two do: a connector 1, a workflow nothing', async () => {
  const [one, other] = [await answer(call(connector())), await answer(call(`${workflow}?${signature}`, card))];
  expect([one.status, text(one)]).toEqual([200, '1']);
  expect([other.status, text(other), other.headers.map(([name]) => name)]).toEqual([202, '', ['x-ms-workflow-run-id', 'x-ms-tracking-id']]);
});

it('takes a token of the tenant for the signature of a workflow', async () => {
  const host = 'default0.07.environment.api.powerplatform.com';
  expect((await answer(call(`/powerautomate/automations/direct${workflow}?api-version=1`, card, { host, more: 'Authorization: Bearer abc' }))).status).toBe(202);
});

it.each<[string, HttpRequest, number, string]>([
  ['a card that says nothing', call(connector(), { '@type': 'MessageCard', title: 'x' }), 400, 'Summary or Text is required.'],
  ['a message without cards', call(connector(), { type: 'message', attachments: [] }), 400, 'Bad payload received by generic incoming webhook.'],
  ['a workflow without its signature', call(workflow, card), 401, 'DirectApiAuthorizationRequired'],
])('refuses %s in their own words', async (_what, request, status, words) => {
  const reply = await answer(request);
  expect([reply.status, text(reply)]).toEqual([status, expect.stringContaining(words)]);
});

it('claims no more of shared clouds than the hosts of webhooks', () => {
  const claims = createClaims([teams]);
  expect(['contoso.webhook.office.com', 'prod-00.westeurope.logic.azure.com', 'default0.07.environment.api.powerplatform.com'].map((host) => claims.claim(host, 443)?.name)).toEqual(['teams', 'teams', 'teams']);
  expect(['portal.azure.com', 'management.azure.com', 'westeurope.azure.com', 'shop.powerplatform.com', 'api.powerplatform.com', 'webhook.office.com'].map((host) => claims.claim(host, 443))).toEqual(Array.from({ length: 6 }, () => null));
  expect(['management.azure.com', 'shop.powerplatform.com'].map((host) => claims.owner(host))).toEqual([null, null]);
});

import { parseEmailAddress } from '../../model/address/email-address.ts';
import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import { jsonBody } from '../wire/body.ts';
import { asObject, asString, field } from '../wire/json.ts';
import { jsonReply } from '../wire/reply.ts';
import { errorReply, notFound } from './error.ts';
import type { ReadCall, ReadRoute } from './routes.ts';

/**
 * Calls that only ask. What they list is what was remembered (or seeded by a test through the simulators API) under the
 * kind named here; an account without anything stored looks like a new one.
 */
export const readRoutes: readonly ReadRoute[] = [
  fixed('/v3/scopes', 'scopes.list', { scopes: ['mail.send', 'mail.batch.create', 'mail.batch.read', 'sender_verification_eligible', 'user.account.read', 'user.profile.read', 'stats.read', 'suppression.read', 'templates.read'] }),
  fixed('/v3/user/account', 'user.account', { type: 'paid', reputation: 100 }),
  fixed('/v3/user/username', 'user.username', { username: 'staging', user_id: 1 }),
  fixed('/v3/user/email', 'user.email', { email: 'staging@example.com' }),
  fixed('/v3/user/profile', 'user.profile', { address: '', address2: '', city: '', company: 'Staging', country: 'US', first_name: 'Staging', last_name: 'Account', phone: '', state: '', website: '', zip: '' }),
  fixed('/v3/user/credits', 'user.credits', { remain: 1_000_000, total: 1_000_000, overage: 0, used: 0, last_reset: '2026-01-01', next_reset: '2027-01-01', reset_frequency: 'monthly' }),
  ...['bounces', 'blocks', 'invalid_emails', 'spam_reports', 'unsubscribes'].flatMap((kind) => [
    list(`/v3/suppression/${kind}`, `suppression.${kind}`, (items) => items),
    {
      ...read(new RegExp(`^/v3/suppression/${kind}/([^/]+)$`), `suppression.${kind}.get`, async ({ ids, context }) => {
        const known = await context.recall(`suppression.${kind}`, decoded(ids[0]));
        return jsonReply(200, known === null ? [] : [known.value]);
      }),
    },
  ]),
  list('/v3/asm/groups', 'asm.groups', (items) => items),
  item('/v3/asm/groups', 'asm.groups'),
  list('/v3/asm/suppressions', 'asm.suppressions', (items) => items),
  list('/v3/templates', 'templates', (items) => ({ result: items, _metadata: { count: items.length } })),
  item('/v3/templates', 'templates'),
  list('/v3/verified_senders', 'verified_senders', (items) => ({ results: items })),
  list('/v3/senders', 'senders', (items) => items),
  list('/v3/whitelabel/domains', 'whitelabel.domains', (items) => items),
  list('/v3/categories', 'categories', (items) => items),
  list('/v3/api_keys', 'api_keys', (items) => ({ result: items })),
  list('/v3/ips', 'ips', (items) => items),
  list('/v3/user/scheduled_sends', 'user.scheduled_sends', (items) => items),
  list('/v3/marketing/lists', 'marketing.lists', (items) => ({ result: items, _metadata: { count: items.length } })),
  list('/v3/marketing/contacts', 'marketing.contacts', (items) => ({ result: items, contact_count: items.length, _metadata: {} })),
  list('/v3/marketing/singlesends', 'singlesend', (items) => ({ result: items, _metadata: { count: items.length } })),
  item('/v3/marketing/singlesends', 'singlesend'),
  read(/^\/v3\/stats$/, 'stats', async ({ request }) => {
    const start = new URLSearchParams(request.query ?? '').get('start_date');
    return start === null
      ? errorReply(400, [{ message: 'start_date is required', field: 'start_date', help: null }])
      : jsonReply(200, [{ date: start, stats: [{ metrics: noStats }] }]);
  }),
  {
    kind: 'read', method: 'POST', path: /^\/v3\/mail\/batch$/, operation: 'mail.batch.create',
    answer: async ({ context }) => {
      const value = { batch_id: context.id('', { length: 52 }) };
      return { reply: jsonReply(201, value), remember: [{ kind: 'batch', id: value.batch_id, expectVersion: 0, value }] };
    },
  },
  read(/^\/v3\/mail\/batch\/([\w-]+)$/, 'mail.batch.get', async ({ ids, context }) => {
    const known = await context.recall('batch', ids[0] ?? '');
    return known === null ? errorReply(400, [{ message: 'invalid batch id', field: null, help: null }]) : jsonReply(200, known.value);
  }),
  { kind: 'read', method: 'POST', path: /^\/v3\/validations\/email$/, operation: 'validations.email', answer: validate },
];

const noStats = Object.fromEntries([
  'blocks', 'bounce_drops', 'bounces', 'clicks', 'deferred', 'delivered', 'invalid_emails', 'opens', 'processed', 'requests',
  'spam_report_drops', 'spam_reports', 'unique_clicks', 'unique_opens', 'unsubscribe_drops', 'unsubscribes',
].map((name) => [name, 0]));

function read(path: RegExp, operation: string, answer: (call: ReadCall) => Promise<HttpResponse>): ReadRoute {
  return { kind: 'read', method: 'GET', path, operation, answer: async (call) => ({ reply: await answer(call) }) };
}

function fixed(path: string, operation: string, value: unknown): ReadRoute {
  return read(new RegExp(`^${path}$`), operation, async () => jsonReply(200, value));
}

function list(path: string, kind: string, body: (items: readonly unknown[]) => unknown): ReadRoute {
  return read(new RegExp(`^${path}$`), `${kind}.list`, async ({ context }) => jsonReply(200, body((await context.list(kind, { limit: 500 })).items.map(({ value }) => value))));
}

function item(path: string, kind: string): ReadRoute {
  return read(new RegExp(`^${path}/([\\w-]+)$`), `${kind}.get`, async ({ ids, context }) => {
    const known = await context.recall(kind, ids[0] ?? '');
    return known === null ? notFound() : jsonReply(200, known.value);
  });
}

function decoded(segment: string | undefined): string {
  try {
    return decodeURIComponent(segment ?? '');
  } catch {
    // Only which object is looked up depends on it: an undecodable name finds none.
    return '';
  }
}

/** https://www.twilio.com/docs/sendgrid/api-reference/e-mail-address-validation: a verdict, nothing is sent. */
async function validate({ request }: ReadCall): Promise<Simulation<HttpResponse>> {
  const body = jsonBody(request);
  const email = body.kind === 'json' ? asString(field(asObject(body.value), 'email')) : null;
  if (email === null) return { reply: errorReply(400, [{ message: 'email is required', field: 'email', help: null }]) };
  const parsed = parseEmailAddress(email);
  const valid = parsed.kind === 'address';
  return {
    reply: jsonReply(200, {
      result: {
        email, verdict: valid ? 'Valid' : 'Invalid', score: valid ? 0.97 : 0,
        local: valid ? parsed.local : email.split('@')[0], host: valid ? parsed.domain : email.split('@')[1] ?? '',
        checks: {
          domain: { has_valid_address_syntax: valid, has_mx_or_a_record: valid, is_suspected_disposable_address: false },
          local_part: { is_suspected_role_address: false },
          additional: { has_known_bounces: false, has_suspected_bounces: false },
        },
        ip_address: '127.0.0.1',
      },
    }),
  };
}

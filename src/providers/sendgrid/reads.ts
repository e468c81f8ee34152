import { parseEmailAddress } from '../../model/address/email-address.ts';
import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import { jsonReply } from '../wire/reply.ts';
import type { JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { errorReply } from './error.ts';
import { get, list, queried, textIn } from './stored.ts';

/**
 * Calls that only ask. What they list is what was remembered (or seeded by a test through the simulators API) under the
 * kind named here; an account without anything stored looks like a new one.
 */
export const readRoutes: readonly JsonRoute[] = [
  fixed('/v3/scopes', 'scopes.list', { scopes: ['mail.send', 'mail.batch.create', 'mail.batch.read', 'sender_verification_eligible', 'user.account.read', 'user.profile.read', 'stats.read', 'suppression.read', 'templates.read'] }),
  fixed('/v3/user/account', 'user.account', { type: 'paid', reputation: 100 }),
  fixed('/v3/user/username', 'user.username', { username: 'staging', user_id: 1 }),
  fixed('/v3/user/email', 'user.email', { email: 'staging@example.com' }),
  fixed('/v3/user/profile', 'user.profile', { address: '', address2: '', city: '', company: 'Staging', country: 'US', first_name: 'Staging', last_name: 'Account', phone: '', state: '', website: '', zip: '' }),
  fixed('/v3/user/credits', 'user.credits', { remain: 1_000_000, total: 1_000_000, overage: 0, used: 0, last_reset: '2026-01-01', next_reset: '2027-01-01', reset_frequency: 'monthly' }),
  list('/v3/whitelabel/domains', 'whitelabel.domains', (items) => items),
  list('/v3/categories', 'categories', (items) => items),
  list('/v3/api_keys', 'api_keys', (items) => ({ result: items })),
  list('/v3/ips', 'ips', (items) => items),
  get('/v3/stats', 'stats', async (call) => {
    const start = queried(call, 'start_date');
    return start === null
      ? errorReply(400, [{ message: 'start_date is required', field: 'start_date', help: null }])
      : jsonReply(200, [{ date: start, stats: [{ metrics: noStats }] }]);
  }),
  { method: 'POST', path: /^\/v3\/validations\/email$/, operation: 'validations.email', answer: validate },
];

const noStats = Object.fromEntries([
  'blocks', 'bounce_drops', 'bounces', 'clicks', 'deferred', 'delivered', 'invalid_emails', 'opens', 'processed', 'requests',
  'spam_report_drops', 'spam_reports', 'unique_clicks', 'unique_opens', 'unsubscribe_drops', 'unsubscribes',
].map((name) => [name, 0]));

function fixed(path: string, operation: string, value: unknown): JsonRoute {
  return get(path, operation, async () => jsonReply(200, value));
}

/** https://www.twilio.com/docs/sendgrid/api-reference/e-mail-address-validation: a verdict, nothing is sent. */
async function validate(call: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const email = textIn(call, 'email');
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

import type { HttpRequest } from '../../model/exchange.ts';
import type { Change, Rewritten, Said } from '../../model/provider.ts';
import { basic } from '../wire/credential.ts';
import { formText } from '../wire/form.ts';
import type { FormField } from '../wire/form.ts';
import { isHeaderText, rebuilt, saidOutside } from '../wire/rebuilt.ts';
import { routed } from './route.ts';
import type { Route } from './route.ts';
import { recipientKind } from './messages.ts';

/** What Twilio reads as a name of its own, and the number that sends: neither is a recipient or a text. */
const technical = /(?:Sid|Status|Method|Event|Events)$|^(?:From|Channel|PageSize|Page|PageToken|ScheduleType|SendAt|Timeout|Locale)$/;

/**
 * A call as it may leave: To changed, texts masked, the form serialised anew. A credential is 'ACCOUNT_SID:AUTH_TOKEN'; its
 * account takes the place of the caller's in the path. Whoever is stored at Twilio (services, conversations) stays, for the guard.
 */
export function rewriteCall(routes: readonly Route[], request: HttpRequest, change: Change): Rewritten<HttpRequest> {
  const found = routed(routes, request);
  if (found.kind === 'unreadable') return impossible(found.why);
  if (found.route.json === true) return impossible('only forms can be rewritten at Twilio');
  const fields: FormField[] = [];
  for (const [name, value] of found.parameters.fields) {
    if (name !== 'To') { fields.push([name, technical.test(name) ? value : change.text(value)]); continue; }
    const to = value.trim();
    const email = found.route.product === 'verify' && found.parameters.fields.some(([field, channel]) => field === 'Channel' && channel === 'email');
    const address = to === '' ? to : change.recipient({ address: to, kind: email ? 'email' : recipientKind(to), role: 'to' });
    if (address === null) return impossible('no recipient is left');
    fields.push([name, address]);
  }
  const account = accountOf(request, change.credential);
  if (account.kind === 'impossible') return account;
  const form = formText(fields);
  const posts = request.method === 'POST';
  return {
    kind: 'rewritten',
    request: rebuilt(request, {
      path: account.path, query: posts || form === '' ? null : form, keep: ['i-twilio-idempotency-token'], authorization: account.authorization,
      body: posts ? { type: 'application/x-www-form-urlencoded', bytes: Buffer.from(form) } : null,
    }),
  };
}

export function saidByCall(routes: readonly Route[], request: HttpRequest): readonly Said[] | null {
  const found = routed(routes, request);
  if (found.kind === 'unreadable' || found.route.json === true) return null;
  const texts = found.parameters.fields.filter(([name]) => !technical.test(name)).map(([name, text]): Said => ({ where: `field ${name}`, text, form: name === 'Twiml' ? 'html' : 'plain' }));
  const outside = saidOutside(request).filter(({ where }) => where !== 'query');
  return [...outside, ...texts, ...found.parameters.fields.map(([name]): Said => ({ where: 'a field name', text: name, form: 'plain' }))];
}

type Account = { readonly kind: 'account'; readonly path: string; readonly authorization: string | null } | Extract<Rewritten<never>, { kind: 'impossible' }>;

function accountOf(request: HttpRequest, credential: string | null): Account {
  const inPath = /^\/2010-04-01\/Accounts\/([A-Za-z0-9]+)(?=[./])/;
  if (credential === null) return { kind: 'account', path: request.path, authorization: null };
  const [user = '', password = ''] = /^([^:]+):(.+)$/.exec(credential)?.slice(1) ?? [];
  if (!/^AC[0-9A-Za-z]+$/.test(user) || password === '' || !isHeaderText(credential)) return { kind: 'impossible', why: 'the credential of the rule is not ACCOUNT_SID:AUTH_TOKEN' };
  if (basic(request.headers) === null) return { kind: 'impossible', why: 'the caller presents no Basic credential that could be replaced' };
  return { kind: 'account', path: request.path.replace(inPath, `/2010-04-01/Accounts/${user}`), authorization: `Basic ${Buffer.from(credential).toString('base64')}` };
}

function impossible(why: string): Rewritten<HttpRequest> {
  return { kind: 'impossible', why };
}

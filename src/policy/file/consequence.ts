import { parseHost } from '../../model/host.ts';
import type { CannedReply, ForwardPlan, Rewrite } from '../../model/decision.ts';
import type { Consequence } from '../policy.ts';
import type { Parsed, Shape } from './shape.ts';
import { as, choice, exactly, integer, mapping, named, optional, required, secret, text, wordOr } from './shape.ts';

const words = (description: string): Shape<string> => text(description, (value): Parsed<string> => ({ value }));

const headerValue = text('a header value of visible ASCII on one line', (value): Parsed<string> => (
  /^[\x20-\x7e]{1,8192}$/.test(value) ? { value } : { expected: 'a header value of visible ASCII on one line' }
));

const reply: Shape<CannedReply> = as(
  mapping({
    status: required(integer(200, 599)),
    headers: optional(named(headerValue)),
    body: optional(words('the body, as text')),
  }),
  ({ status, headers, body }) => ({ status, headers: headers ?? [], body: body ?? '' }),
);

/** Text with places to be filled: only the known ones, each in braces. */
function template(description: string, places: readonly string[]): Shape<string> {
  return text(description, (value): Parsed<string> => {
    const wrong = [...value.matchAll(/\{([^{}]*)\}/g)].map(([, place]) => place ?? '').find((place) => !places.includes(place));
    const bare = /[{}]/.test(value.replace(/\{[^{}]*\}/g, ''));
    const control = /\p{Cc}/u.test(value);
    return wrong === undefined && !bare && !control ? { value } : { expected: `${description}; its places are ${places.map((place) => `{${place}}`).join(', ')}` };
  });
}

const recipientTemplate = template('an address that the policy lists as safe, such as qa+{hash}@ourcompany.test', ['hash', 'n']);

const rewrite: Shape<readonly Rewrite[]> = as(
  mapping({
    host: optional(text('a host name', (value): Parsed<string> => {
      const host = parseHost(value);
      return host.kind === 'invalid' ? { expected: `a host name; this one ${host.why}` } : { value: host.host };
    })),
    credential: optional(secret('the credential to use instead, as ${NAME}')),
    values: optional(named(text('what stands for it at the sandbox', (value): Parsed<string> => (/^[\x21-\x7e]{1,200}$/.test(value) ? { value } : { expected: 'an id of visible ASCII' })))),
    recipients: optional(wordOr(recipientTemplate, mapping({ keep: required(choice('safe')) }))),
    subject: optional(template('a subject such as "[staging] {subject}"', ['subject', 'hash', 'n'])),
    body: optional(choice('mask')),
  }, { least: 1 }),
  ({ host, credential, values, recipients, subject, body }): readonly Rewrite[] => [
    ...(host === null ? [] : [{ kind: 'host', host } as const]),
    ...(credential === null ? [] : [{ kind: 'credential', value: credential } as const]),
    ...(values === null ? [] : [{ kind: 'values', values } as const]),
    ...(recipients === null ? [] : [{
      kind: 'recipients',
      template: typeof recipients === 'string' ? recipients : null,
      keep: typeof recipients === 'string' ? null : recipients.keep,
    } as const]),
    ...(subject === null ? [] : [{ kind: 'subject', template: subject } as const]),
    ...(body === null ? [] : [{ kind: 'body', mask: true } as const]),
  ],
);

const forward: Shape<ForwardPlan> = as(
  mapping({ internal: optional(exactly(true)), via: optional(words('the name of a relay in gateway.yaml')), rewrite: optional(rewrite) }),
  ({ internal, via, rewrite: rewrites }) => ({ internal: internal ?? false, via, rewrites: rewrites ?? [] }),
);

const word: Shape<Consequence> = as(choice('capture', 'forward', 'reject'), (action): Consequence => {
  switch (action) {
    case 'capture': return { action, reply: null };
    case 'forward': return { action, plan: { internal: false, via: null, rewrites: [] } };
    case 'reject': return { action };
  }
});

/** `capture`, `forward`, `reject`, `{ capture: { reply } }` or `{ forward: { internal, via, rewrite } }` */
export const consequence: Shape<Consequence> = wordOr(word, as(
  mapping({ capture: optional(mapping({ reply: required(reply) })), forward: optional(forward) }, { only: 1 }),
  (given): Consequence => {
    if (given.forward !== null) return { action: 'forward', plan: given.forward };
    return { action: 'capture', reply: given.capture?.reply ?? null };
  },
));

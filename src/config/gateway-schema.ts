import { Type } from 'typebox';
import type { Static } from 'typebox';
import { defaultLimits } from '../model/limits.ts';

const closed = { additionalProperties: false } as const;
const name = '^[a-z0-9][a-z0-9._-]{0,62}$';
const service = Type.String({ pattern: name, description: 'a service name: a-z 0-9 . _ -, at most 63 characters' });
const space = Type.String({ pattern: name, description: 'a space name: a-z 0-9 . _ -, at most 63 characters' });
const host = Type.String({ pattern: '^[a-z0-9]([a-z0-9.:-]{0,251}[a-z0-9])?$', description: 'a lower-case host name or an IP address' });
const port = Type.Integer({ minimum: 1, maximum: 65_535, description: 'a port from 1 to 65535' });
const secret = Type.String({ minLength: 1, description: '${NAME} of a variable in the environment; secrets are never written here' });
const cidr = Type.String({ description: 'an address block such as 10.0.0.0/8 or fd00::/8' });

const run = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$', description: 'a run name: A-Z a-z 0-9 . _ -, at most 100 characters' });
const amounts = {
  captures: Type.Optional(Type.Integer({ minimum: 1, maximum: 2 ** 40, description: 'a number of captures' })),
  bytes: Type.Optional(Type.Integer({ minimum: 1, maximum: 2 ** 50, description: 'a number of bytes' })),
};

/** What each may do: docs/access.md. */
const role = Type.Enum(['reader', 'unmasker', 'releaser', 'admin', 'ci'], { description: 'reader, unmasker, releaser, admin or ci' });
const scope = {
  role,
  spaces: Type.Optional(Type.Array(space, { description: 'a list of spaces; all when left out' })),
  services: Type.Optional(Type.Array(service, { description: 'a list of services; all when left out' })),
};

const limits = Type.Object(
  Object.fromEntries(Object.keys(defaultLimits).map((key) => [key, Type.Optional(Type.Integer({ minimum: 1, maximum: 2 ** 40, description: 'a whole number above 0 (bytes, ms or a count)' }))])),
  { ...closed, description: 'bounds on what arrives: sizes in bytes, times in ms' },
);

/** config/gateway.yaml. Exported as JSON Schema to config/gateway.schema.json (a test compares the two). */
/** One failure rule, in gateway.yaml or given for a run by the API. */
const failureRule = Type.Object({
  id: Type.String({ pattern: name, description: 'a name for the rule: a-z 0-9 . _ -' }),
  when: Type.Record(Type.String(), Type.Unknown(), { description: 'conditions as in policy.yaml' }),
  nth: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'only the nth call that matches in a run: a whole number from 1' })),
  every: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'every nth call that matches in a run: a whole number from 1' })),
  rate: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'this share of the calls that match: a number from 0 to 1' })),
  // oxlint-disable-next-line unicorn/no-thenable -- the word in the file
  then: Type.Object({
    error: Type.Optional(Type.Integer({ minimum: 400, maximum: 599, description: 'a status from 400 to 599' })),
    throttle: Type.Optional(Type.Integer({ minimum: 0, maximum: 86_400, description: 'seconds to wait, 0 to 86400' })),
    delay: Type.Optional(Type.Integer({ minimum: 1, maximum: 60_000, description: 'ms from 1 to 60000' })),
    drop: Type.Optional(Type.Literal(true, { description: 'true' })),
    decline: Type.Optional(Type.Union([Type.Literal(true), Type.String({ minLength: 1, maxLength: 100 })], { description: "true, or one of the provider's codes (GET /api/providers)" })),
    event: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: "one of the provider's events (GET /api/providers)" })),
    after: Type.Optional(Type.Integer({ minimum: 0, maximum: 30 * 86_400_000, description: 'ms after the call, at most 30 days' })),
    detail: Type.Optional(Type.String({ maxLength: 500, description: "the vendor's own code or words for the event" })),
  }, closed),
}, closed);
const failures = Type.Array(failureRule, { maxItems: 200, description: 'calls that are to fail, late or now: error, throttle, delay, drop, decline or event' });

/** The failure rules of one run, as the API takes them. */
export const FailuresSchema = Type.Object({ failures }, closed);

export const GatewaySchema = Type.Object({
  $schema: Type.Optional(Type.String()),
  durability: Type.Optional(Type.Enum(['process', 'power'], { description: 'process (survives kill -9) or power (survives power loss)' })),
  limits: Type.Optional(limits),
  origins: Type.Optional(Type.Array(Type.Object({ cidr, service, space: Type.Optional(space) }, closed), { description: 'which service calls from which addresses; the first block that holds wins' })),
  proxyProtocol: Type.Optional(Type.Object({ from: Type.Array(cidr, { minItems: 1, description: 'a list of address blocks' }) }, { ...closed, description: 'load balancers that begin every connection with a PROXY protocol v2 header: from these addresses, and only these, it is demanded and believed' })),
  reverse: Type.Optional(Type.Array(Type.Object({
    port: Type.Integer({ minimum: 0, maximum: 65_535, description: 'a port from 0 (any free) to 65535' }),
    host,
    tls: Type.Optional(Type.Boolean({ description: 'true when clients speak TLS to this port' })),
  }, closed), { description: 'ports that stand for one host each' })),
  dns: Type.Optional(Type.Object({
    answer: Type.Optional(Type.Array(Type.String({ description: 'an IP address of the gateway as services see it' }), { maxItems: 8, description: 'a list of at most 8 addresses' })),
    pass: Type.Optional(Type.Array(Type.String({
      maxLength: 253, pattern: '^(?:\\*\\.)?[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$',
      description: 'a lower-case name such as db or db.internal.test, or *.internal.test for every name below it',
    }), { description: 'a list of names' })),
    upstream: Type.Optional(Type.Array(Type.String({ description: 'address:port of a resolver, such as 10.0.0.2:53 or [fd00::2]:53' }), { maxItems: 4, description: 'a list of at most 4 resolvers' })),
  }, { ...closed, description: 'what the DNS listener answers: our addresses to every name that is not on the pass list' })),
  ca: Type.Optional(Type.Object({
    hosts: Type.Optional(Type.Array(Type.String({
      maxLength: 253, pattern: '^[a-z0-9](?:[a-z0-9.:-]{0,251}[a-z0-9])?$',
      description: 'a lower-case host name with every name below it, such as stripe.com, or an IP address',
    }), { minItems: 1, maxItems: 500, description: 'a list of hosts' })),
  }, { ...closed, description: 'what our certificate authority may sign for' })),
  relays: Type.Optional(Type.Record(Type.String({ pattern: name }), Type.Object({
    host,
    port,
    tls: Type.Optional(Type.Enum(['implicit', 'starttls', 'none'], { description: 'implicit, starttls or none' })),
    user: Type.Optional(Type.String({ minLength: 1, description: 'a user name' })),
    password: Type.Optional(secret),
  }, closed), { additionalProperties: false, description: 'mail relays by the name a rule says in via' })),
  webhooks: Type.Optional(Type.Record(Type.String({ pattern: name }), Type.Object({
    url: Type.String({ description: 'an http or https address without user and fragment' }),
    secret: Type.Optional(secret),
  }, closed), { additionalProperties: false, description: 'the only places callbacks are sent to' })),
  failures: Type.Optional(failures),
  simulators: Type.Optional(Type.Record(Type.String({ pattern: name }), Type.Object({
    unknownIds: Type.Enum(['not-found', 'adopt'], { description: "not-found (the vendor's 404) or adopt (an object is made up for the id)" }),
  }, closed), { additionalProperties: false, description: 'settings of the simulated vendors by name' })),
  correlate: Type.Optional(Type.Array(Type.Object({
    name: Type.String({ pattern: '^[a-z][a-z0-9_-]{0,62}$', description: 'the name of the key: a-z 0-9 _ -' }),
    pattern: Type.String({ minLength: 1, maxLength: 200, description: 'a regular expression without unbounded repetition, whose first group is the value' }),
  }, closed), { description: 'what makes messages belong to one journey; replaces the built-in order numbers' })),
  retention: Type.Optional(Type.Object({
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_650, description: 'days from 1 to 3650' })),
    ...amounts,
    quotas: Type.Optional(Type.Array(Type.Object({ space: Type.Optional(space), service: Type.Optional(service), run: Type.Optional(run), ...amounts }, closed), {
      maxItems: 1_000, description: 'bounds of one space, service or run each, which then loses its own oldest first',
    })),
  }, { ...closed, description: 'how long and how much is kept, the oldest going first: 7 days, 100000 captures and 2147483648 bytes where it is not said; without it everything is kept' })),
  bucket: Type.Optional(Type.Object({
    endpoint: Type.String({ description: 'an http or https address such as https://s3.eu-central-1.amazonaws.com, without user, path and query' }),
    region: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$', description: 'the region of the bucket, as its service names it' }),
    name: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$', description: 'the name of the bucket' }),
    prefix: Type.Optional(Type.String({ maxLength: 200, pattern: '^[A-Za-z0-9_-]+(?:[./][A-Za-z0-9_-]+)*$', description: 'what all keys begin with, such as staging/one; without a slash at its end' })),
    accessKey: secret,
    secretKey: secret,
    from: Type.Optional(Type.Integer({ minimum: 131_072, maximum: 2 ** 40, description: 'bytes from 131072: bodies that take as much or more as they are kept lie in the bucket' })),
    pathStyle: Type.Optional(Type.Boolean({ description: 'true when the name stands in the path, false when it stands before the host' })),
  }, { ...closed, description: 'an S3-compatible bucket for large bodies; without it they lie in the database' })),
  users: Type.Optional(Type.Array(Type.Object({
    name: Type.String({ minLength: 1, maxLength: 100, description: 'a user name' }), password: secret, ...scope,
  }, closed))),
  tokens: Type.Optional(Type.Array(Type.Object({
    name: Type.String({ minLength: 1, maxLength: 100, description: 'a name for the log' }), token: secret, ...scope,
    expires: Type.Optional(Type.String({ description: 'a date such as 2027-01-31 or an RFC 3339 time' })),
  }, closed))),
}, { ...closed, title: 'Fourthwall gateway.yaml' });

export type GatewayDocument = Static<typeof GatewaySchema>;

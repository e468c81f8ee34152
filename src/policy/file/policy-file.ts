import { parseCidr } from '../address-class.ts';
import type { Cidr } from '../address-class.ts';
import { when } from '../conditions/when.ts';
import type { InternalService } from '../internal.ts';
import { parseHostPattern } from '../pattern.ts';
import type { BurstLimit, Rule } from '../policy.ts';
import type { Safe } from '../safe.ts';
import { parseDevicePattern, parseEmailPattern, parsePhonePattern } from '../safe.ts';
import type { Parsed, Schema, Shape } from './shape.ts';
import { as, choice, exactly, integer, list, literal, mapping, optional, required, text, wordOr } from './shape.ts';
import { consequence } from './consequence.ts';

export const safe: Shape<Safe> = as(
  mapping({
    emails: optional(list(text('an address, *@an.exact.domain, or /regex/ for the whole address', parseEmailPattern))),
    phones: optional(list(text('a number, a range with N and X, or /regex/ for the whole E.164 form', parsePhonePattern))),
    devices: optional(list(text('a device token, topic or chat; * stands for anything; or /regex/', parseDevicePattern))),
  }),
  ({ emails, phones, devices }) => ({ emails: emails ?? [], phones: phones ?? [], devices: devices ?? [] }),
);

const internalHost = text('a host name, an IP address or *.name', (value, shown) => {
  const parsed = parseHostPattern(value, shown);
  return 'value' in parsed && !parsed.value.namesHosts ? { expected: 'a host that is named; * would be every host' } : parsed;
});

const internal: Shape<InternalService> = mapping({
  hosts: required(list(internalHost, 1)),
  cidrs: required(list(text('a block of addresses such as 10.0.0.0/8', (value): Parsed<Cidr> => {
    const cidr = parseCidr(value);
    return cidr === null ? { expected: 'a block such as 10.0.0.0/8 or fd12::/48, with nothing set behind the prefix' } : { value: cidr };
  }), 1)),
  ports: required(list(integer(1, 65535), 1)),
});

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

const duration = text('a time such as 60s, 5m or 1h', (value): Parsed<number> => {
  const split = /^([1-9][0-9]{0,8})(ms|s|m|h)$/.exec(value);
  const unit = units[split?.[2] ?? ''];
  return split === null || unit === undefined ? { expected: 'a time such as 60s, 5m or 1h' } : { value: Number(split[1]) * unit };
});

const burst: Shape<BurstLimit | 'off'> = wordOr(exactly('off'), as(
  mapping({
    recipients: required(integer(1, 1_000_000)),
    per: required(duration),
    // oxlint-disable-next-line unicorn/no-thenable -- the word in the file
    then: required(choice('reject')),
  }),
  ({ recipients, per }) => ({ recipients, perMs: per }),
));

export const rule: Shape<Rule> = as(
  mapping({
    id: required(literal('a name of letters, digits, . _ and - (neither default nor gateway:...)', /^(?!default$)[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/)),
    mode: optional(choice('report', 'decide')),
    when: required(when),
    // oxlint-disable-next-line unicorn/no-thenable -- the word in the file
    then: required(consequence),
    because: required(literal('the reason, in a sentence of at most 500 characters on one line', /^(?=.*\S)[^\p{Cc}]{1,500}$/u)),
  }),
  ({ id, mode, when: conditions, then: what, because }) => ({
    id, because, consequence: what,
    mode: mode ?? 'decide',
    conditions: conditions.conditions(what.action === 'forward' ? 'every' : 'some'),
    namesHosts: conditions.namesHosts,
    usesFindings: conditions.usesFindings,
  }),
);

/** The whole file. */
export const policyFile = mapping({
  version: required(exactly(1)),
  safe: optional(safe),
  internal: optional(list(internal)),
  default: required(choice('capture', 'reject')),
  limits: optional(mapping({ burst: optional(burst) })),
  rules: required(list(rule)),
});

/** The same as JSON Schema, for editors. config/policy.schema.json is this value; a test keeps them equal. */
export const policySchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Fourthwall policy',
  ...policyFile.schema,
  $defs: { when: when.schema },
};

import { describe, expect, it } from 'vitest';
import type { RecipientKind, Standing } from '../../src/model/recipient.ts';
import { judgeDecoded } from '../../src/policy/judge-decoded.ts';
import { judge } from '../../src/policy/standing.ts';
import { email, policy } from './world.ts';

const { safe } = policy(`version: 1
safe:
  emails: ["*@example.test", "qa+*@ourcompany.test", "Boss@Ourcompany.test", "/[a-z]+-[0-9]+@lab\\\\.ourcompany\\\\.test/"]
  phones: ["+15005550006", "+1NXX5550100..+1NXX5550199", "/\\\\+4930231250[0-9]{2}/", "+4930231251..+4930231259"]
  devices: ["staging-*", "exact-token"]
default: reject
rules: []
`);

const table: readonly (readonly [kind: RecipientKind, address: string, standing: Standing, why: string])[] = [
  ['email', 'qa@example.test', 'safe', 'the policy lists *@example.test as safe'],
  ['email', 'QA@EXAMPLE.TEST', 'safe', 'lists *@example.test'],
  ['email', 'a.b+c@example.test', 'safe', 'lists'],
  ['email', 'qa@sub.example.test', 'reserved', 'RFC 6761'],
  ['email', 'qa+x@ourcompany.test', 'safe', 'lists qa+*@ourcompany.test'],
  ['email', 'qa@ourcompany.test', 'reserved', 'RFC 6761'],
  ['email', 'boss@ourcompany.test', 'safe', 'lists Boss@Ourcompany.test'],
  ['email', 'rack-17@lab.ourcompany.test', 'safe', 'lists /'],
  ['email', 'rack-17@lab.ourcompany.test.evil.com', 'real', 'does not list it'],
  ['email', 'x.rack-17@lab.ourcompany.test', 'reserved', 'RFC 6761'],
  ['email', 'ann@gmail.com', 'real', 'does not list it as safe'],
  ['email', 'ann@test.com', 'real', 'does not list'],
  ['email', 'ann@example.co.uk', 'real', 'does not list'],
  ['email', 'ann@example.com', 'reserved', 'RFC 2606'],
  ['email', 'ann@mail.example.org', 'reserved', 'RFC 2606'],
  ['email', 'root@localhost', 'reserved', 'RFC 6761'],
  ['email', 'success+label@simulator.amazonses.com', 'reserved', "Amazon SES's mailbox simulator"],
  ['email', 'ann@simulator.amazonses.com', 'real', 'does not list'],
  ['email', 'bounced@resend.dev', 'reserved', "Resend's mailbox simulator"],
  ['email', 'onboarding@resend.dev', 'real', 'does not list'],
  ['email', 'hardbounce@bounce-testing.postmarkapp.com', 'reserved', "Postmark's mailbox simulator"],
  ['email', 'ann@gmail.com.sink.sparkpostmail.com', 'reserved', "SparkPost's mailbox simulator"],
  ['email', '"a b"@example.test', 'invalid', 'mail systems read differently'],
  ['email', 'Ann <qa@example.test>', 'invalid', 'mail systems read differently'],
  ['email', 'qa@example.test ', 'invalid', 'not letters, digits'],
  ['email', 'qa@xn--exmple-4nf.test', 'reserved', 'RFC 6761'],
  ['email', '', 'invalid', 'has no @'],
  ['phone', '+15005550006', 'safe', 'lists +15005550006'],
  ['phone', '+1 (500) 555-0006', 'safe', 'lists +15005550006'],
  ['phone', 'whatsapp:+15005550006', 'safe', 'lists'],
  ['phone', '+12025550142', 'safe', 'lists +1NXX5550100..+1NXX5550199'],
  ['phone', '+12025550200', 'real', 'subscriber'],
  ['phone', '+493023125042', 'safe', 'lists /'],
  ['phone', '+4930231255', 'safe', 'lists +4930231251..+4930231259'],
  ['phone', '+49302312551', 'real', 'subscriber'],
  ['phone', '+493023125999', 'reserved', 'Bundesnetzagentur'],
  ['phone', '+447700900123', 'reserved', 'Ofcom'],
  ['phone', '+447700901123', 'real', 'subscriber'],
  ['phone', '+15005550009', 'reserved', "Twilio's magic numbers"],
  ['phone', '+14254147755', 'reserved', 'AWS'],
  ['phone', '+14155552671', 'real', 'subscriber'],
  ['phone', '15005550006', 'invalid', 'country code'],
  ['phone', '911', 'real', 'short code'],
  ['phone', 'messenger:1234567890', 'real', 'other than a number'],
  ['phone', 'sip:+15005550006@evil.com', 'real', 'other than a number'],
  ['phone', 'client:alice', 'real', 'other than a number'],
  ['phone', 'MyCompany', 'invalid', 'ASCII digits'],
  ['device', 'staging-abc', 'safe', 'lists staging-*'],
  ['device', 'exact-token', 'safe', 'lists'],
  ['device', 'exact-token-2', 'real', 'does not list'],
  ['device', 'fcm:anything', 'real', 'does not list'],
  ['device', ' ', 'invalid', 'empty'],
  ['topic', 'staging-news', 'safe', 'lists'],
  ['topic', 'news', 'unknown', 'not in the request'],
  ['chat', '#staging', 'unknown', 'not in the request'],
  ['chat', 'staging-room', 'safe', 'lists'],
  ['audience', 'staging-list', 'unknown', 'not in the request'],
  ['customer', 'cus_123', 'reserved', "vendor's own identifier"],
  ['customer', 'qa@example.test', 'safe', 'lists'],
  ['customer', 'ann@gmail.com', 'real', 'does not list'],
  ['customer', 'a b@example.test', 'invalid', 'mail systems'],
  ['customer', '+14155552671', 'real', 'subscriber'],
  ['customer', 'Ann Smith', 'unknown', 'in words'],
];

describe('judge', () => {
  it.each(table)('holds the %s %s for %s', (kind, address, standing, why) => {
    const judged = judge(safe, { kind, address, role: 'to' });
    expect(judged).toMatchObject({ kind, address, role: 'to', standing });
    expect(judged.why).toContain(why);
  });

  it('judges everybody in a decoded call and leaves the rest as it is', () => {
    const effect = email({ recipients: [] });
    const addressees = [{ address: 'qa@example.test', kind: 'email', role: 'to' }, { address: 'ann@gmail.com', kind: 'email', role: 'bcc' }] as const;
    const judged = judgeDecoded(safe, { kind: 'effects', effects: [{ ...effect, recipients: addressees }] });
    expect(judged).toEqual({ kind: 'effects', effects: [{ ...effect, recipients: addressees.map((each) => judge(safe, each)) }] });
    const unrecognized = { kind: 'unrecognized', why: 'x' } as const;
    expect(judgeDecoded(safe, unrecognized)).toBe(unrecognized);
  });
});

describe('reserved numbers', () => {
  const nothing = { emails: [], phones: [], devices: [] };
  const standing = (address: string): Standing => judge(nothing, { kind: 'phone', address, role: 'to' }).standing;

  it.each([
    ['+12125550100', '+12125550199', ['+12125550099', '+12125550200', '+12125551212', '+18005550100', '+18885550142']],
    ['+441134960000', '+441184960999', ['+441134961000', '+441194960000']],
    ['+442079460000', '+442079460999', ['+442079459999', '+442079461000']],
    ['+441632960000', '+441632960999', ['+441632961000']],
    ['+448081570000', '+449098790999', ['+448081571000']],
    ['+61491570006', '+61491570156', ['+61491570007', '+61491570160']],
    ['+61255500000', '+61870109999', ['+61255510000', '+61155500000']],
    ['+33199000000', '+33639989999', ['+33199010000']],
    ['+491713920000', '+4917604069099', ['+491713920100', '+4917604069100']],
    ['+493023125000', '+498999998999', ['+493023126000', '+498999999000']],
    ['+46701740605', '+46701740699', ['+46701740604']],
    ['+353209100000', '+353209199999', ['+353209200000']],
  ])('run from %s to %s', (first, last, outside) => {
    expect([standing(first), standing(last)]).toEqual(['reserved', 'reserved']);
    expect(outside.map(standing)).toEqual(outside.map(() => 'real'));
  });
});

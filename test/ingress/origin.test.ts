import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { originOf, parseUser } from '../../src/ingress/origin.ts';
import type { Headers } from '../../src/model/exchange.ts';

describe('a user name', () => {
  it.each([
    ['shop', { space: null, service: 'shop', run: null }],
    ['qa/shop', { space: 'qa', service: 'shop', run: null }],
    ['shop+r7', { space: null, service: 'shop', run: 'r7' }],
    ['qa.1/shop_2-x+Run.7_a', { space: 'qa.1', service: 'shop_2-x', run: 'Run.7_a' }],
    [`${'s'.repeat(63)}+${'R'.repeat(100)}`, { space: null, service: 's'.repeat(63), run: 'R'.repeat(100) }],
  ])('%s attributes', (user, expected) => {
    expect(parseUser(user)).toEqual(expected);
  });

  it.each(['', 'Shop', 'qa/', '/shop', 'a/b/c', 'shop+', 'shop+a+b', '-shop', 'shop run', 'me@shop.test', 's'.repeat(64), `shop+${'r'.repeat(101)}`, 'shop\n', 'shop+r\n', 'shop+ambiguous'])('%j is a login name', (user) => {
    expect(parseUser(user)).toBeNull();
  });
});

const call = (changed: Partial<Parameters<typeof originOf>[0]>) => originOf({ user: null, headers: [], address: '10.1.2.3', via: 'proxy', table: [], ...changed });

describe('the service', () => {
  const table = [
    { cidr: 'nonsense', service: 'never', space: null }, { cidr: '10.0.0.0/99', service: 'never', space: null },
    { cidr: '10.1.0.0/16', service: 'listed', space: 'qa' }, { cidr: '10.0.0.0/8', service: 'later', space: null },
    { cidr: '2001:db8::/32', service: 'six', space: null }, { cidr: '192.0.2.7', service: 'one', space: null },
  ];
  const named: Headers = [['x-fourthwall-service', 'qa2/named']];
  it.each([
    ['the credential first', { user: 'shop', headers: named, table }, { space: null, service: 'shop' }],
    ['then the header', { user: 'Not A Service', headers: named, table }, { space: 'qa2', service: 'named' }],
    ['then the address, by the first row that holds', { table }, { space: 'qa', service: 'listed' }],
    ['an IPv4 client of a dual-stack listener', { address: '::ffff:10.1.2.3', table }, { space: 'qa', service: 'listed' }],
    ['an IPv6 client', { address: '2001:db8::5', table }, { space: null, service: 'six' }],
    ['a row of one address', { address: '192.0.2.7', table }, { space: null, service: 'one' }],
    ['nobody', { address: '192.0.2.8', table }, { space: null, service: 'unattributed' }],
    ['nobody where the header is no name', { headers: [['X-Fourthwall-Service', 'No Name']] }, { space: null, service: 'unattributed' }],
  ] as [string, Partial<Parameters<typeof originOf>[0]>, object][])('is told by %s', (_, given, expected) => {
    expect(call(given)).toMatchObject(expected);
  });
});

describe('the run', () => {
  const baggage: Headers = [['Baggage', 'a=b, fourthwall.run = from%2Dbaggage;p=1 ,c=d']];
  it.each([
    ['the header first', { user: 'shop+cred', headers: [['X-Fourthwall-Run', 'head'], ...baggage] as Headers }, 'head'],
    ['then the credential', { user: 'shop+cred', headers: baggage }, 'cred'],
    ['then baggage', { user: 'shop', headers: baggage }, 'from-baggage'],
    ['baggage in a second field', { headers: [['baggage', 'x=y'], ['baggage', 'fourthwall.run=r']] as Headers }, 'r'],
    ['nothing where the names are outside the grammar', { headers: [['X-Fourthwall-Run', 'a b'], ['baggage', 'fourthwall.run=%zz']] as Headers }, null],
  ])('is told by %s', (_, given, run) => {
    expect(call(given).run).toBe(run);
  });
});

describe('the trace', () => {
  const id = '4bf92f3577b34da6a3ce929d0e0e4736';
  it.each([
    [`00-${id}-00f067aa0ba902b7-01`, id], [`01-${id}-00f067aa0ba902b7-01-more`, id],
    [`ff-${id}-00f067aa0ba902b7-01`, null], [`00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, null], [`00-${id}-${'0'.repeat(16)}-01`, null], [`00-${id.toUpperCase()}-00f067aa0ba902b7-01`, null], [id, null],
  ])('of %s is %s', (traceparent, trace) => {
    expect(call({ headers: [['traceparent', traceparent]] }).trace).toBe(trace);
  });
});

it('nothing a client sends makes it throw', () => {
  fc.assert(fc.property(fc.string(), fc.string(), fc.constantFrom('x-fourthwall-run', 'x-fourthwall-service', 'baggage', 'traceparent'), fc.string(), (user, address, name, value) => {
    expect(call({ user, address, headers: [[name, value]], table: [{ cidr: address, service: 'a', space: null }] }).service).not.toBe('');
  }));
});

import { describe, expect, it } from 'vitest';
import { cidrHolds, classifyIp, parseCidr } from '../../src/policy/address-class.ts';
import { allowsInternal } from '../../src/policy/internal.ts';
import { parseIp } from '../../src/model/ip.ts';
import { policy } from './world.ts';

describe('classifyIp', () => {
  it.each([
    '8.8.8.8', '1.1.1.1', '100.63.255.255', '100.128.0.0', '172.15.255.255', '172.32.0.0', '192.167.255.255', '198.17.255.255', '223.255.255.255',
    '2606:4700::1111', '2a00:1450:4001:80b::200e', '2001:4860:4860::8888', '3ffe::1',
  ])('lets the public address %s be dialled', (address) => {
    expect(classifyIp(address)).toEqual({ kind: 'public' });
  });

  it.each([
    ['0.0.0.0', 'unspecified'], ['0.1.2.3', 'unspecified'], ['127.0.0.1', 'loopback'], ['127.255.255.255', 'loopback'],
    ['10.0.0.1', 'private'], ['172.16.0.1', 'private'], ['172.31.255.255', 'private'], ['192.168.1.1', 'private'],
    ['100.64.0.1', 'cgnat'], ['100.127.255.255', 'cgnat'], ['169.254.1.1', 'link-local'],
    ['169.254.169.254', 'metadata'], ['169.254.170.2', 'metadata'], ['100.100.100.200', 'metadata'], ['168.63.129.16', 'metadata'], ['192.0.0.192', 'metadata'],
    ['224.0.0.1', 'multicast'], ['239.255.255.255', 'multicast'], ['240.0.0.1', 'reserved'], ['255.255.255.255', 'reserved'],
    ['192.0.2.1', 'documentation'], ['198.51.100.1', 'documentation'], ['203.0.113.9', 'documentation'], ['198.18.0.1', 'reserved'], ['192.88.99.1', 'embedded'],
    ['::', 'unspecified'], ['::1', 'loopback'], ['0:0:0:0:0:0:0:1', 'loopback'],
    ['::ffff:8.8.8.8', 'embedded'], ['::ffff:127.0.0.1', 'embedded'], ['::ffff:7f00:1', 'embedded'], ['::127.0.0.1', 'embedded'], ['::ffff:0:8.8.8.8', 'embedded'],
    ['64:ff9b::7f00:1', 'embedded'], ['64:ff9b::8.8.8.8', 'embedded'], ['64:ff9b:1::1', 'embedded'], ['2002:7f00:1::', 'embedded'], ['2001::1', 'embedded'],
    ['2a00::5efe:7f00:1', 'embedded'], ['2a00::200:5efe:7f00:1', 'embedded'],
    ['2001:db8::1', 'documentation'], ['3fff::1', 'documentation'], ['2001:10::1', 'reserved'], ['fc00::1', 'private'], ['fd12:3456::1', 'private'], ['fec0::1', 'private'],
    ['fe80::1', 'link-local'], ['ff02::1', 'multicast'], ['fd00:ec2::254', 'metadata'], ['fd20:ce::254', 'metadata'], ['fe80::a9fe:a9fe', 'metadata'],
    ['4000::1', 'reserved'], ['100::1', 'reserved'], ['5f00::1', 'reserved'],
    ['0x7f.1', 'invalid'], ['2130706433', 'invalid'], ['017.0.0.1', 'invalid'], ['fe80::1%eth0', 'invalid'], ['[::1]', 'invalid'], ['', 'invalid'], ['api.test', 'invalid'],
  ])('refuses %s as %s', (address, kind) => {
    expect(classifyIp(address)).toMatchObject({ kind: 'refused', class: kind });
  });
});

describe('parseCidr', () => {
  it('refuses what is no block', () => {
    for (const text of ['10.0.0.1/8', '10.0.0.0/33', '10.0.0.0/08', '10.0.0.0/-1', '10.0.0.0/', '10.0.0/8', '::1/129', 'fd00::1/64', '10.0.0.0/8/8', '']) {
      expect(parseCidr(text), text).toBe(null);
    }
  });

  it.each([
    ['10.0.0.0/8', '10.255.255.255', true], ['10.0.0.0/8', '11.0.0.0', false], ['10.64.0.0/10', '10.127.1.1', true], ['10.64.0.0/10', '10.128.0.0', false],
    ['10.1.2.3', '10.1.2.3', true], ['10.1.2.3', '10.1.2.4', false], ['0.0.0.0/0', '9.9.9.9', true], ['0.0.0.0/0', '::1', false], ['::/0', '10.0.0.1', false],
    ['fd12::/48', 'fd12::1:0:0:1', true], ['fd12::/48', 'fd12:0:1::1', false], ['10.0.0.0/8', '::ffff:10.0.0.1', false],
  ])('%s holds %s: %s', (block, address, holds) => {
    expect(cidrHolds(parseCidr(block)!, parseIp(address)!)).toBe(holds);
  });
});

describe('allowsInternal', () => {
  const { internal } = policy(`version: 1
default: reject
internal:
  - { hosts: ["*.internal.test"], cidrs: ["10.0.0.0/8", "127.0.0.0/8"], ports: [80, 443] }
  - { hosts: [all.test], cidrs: ["0.0.0.0/0", "::/0"], ports: [80] }
rules: []
`);

  it('asks for host and address and port together', () => {
    expect(allowsInternal(internal, 'a.internal.test', '10.1.2.3', 443)).toBe(true);
    expect(allowsInternal(internal, 'a.internal.test', '127.0.0.1', 80)).toBe(true);
    expect(allowsInternal(internal, 'a.internal.test', '10.1.2.3', 8080)).toBe(false);
    expect(allowsInternal(internal, 'a.internal.test', '192.168.0.1', 443)).toBe(false);
    expect(allowsInternal(internal, 'internal.test', '10.1.2.3', 443)).toBe(false);
    expect(allowsInternal(internal, 'a.internal.test.evil.com', '10.1.2.3', 443)).toBe(false);
    expect(allowsInternal([], 'a.internal.test', '10.1.2.3', 443)).toBe(false);
  });

  it('never allows metadata, embedded and other odd addresses, whatever the block', () => {
    for (const address of ['169.254.169.254', '169.254.1.1', '100.100.100.200', '168.63.129.16', '0.0.0.0', '224.0.0.1', '255.255.255.255', '::ffff:10.0.0.1', '64:ff9b::a00:1', 'fd00:ec2::254', 'fe80::1', 'x']) {
      expect(allowsInternal(internal, 'all.test', address, 80), address).toBe(false);
    }
    expect(allowsInternal(internal, 'all.test', 'fd12::1', 80)).toBe(true);
    expect(allowsInternal(internal, 'all.test', '100.64.0.1', 80)).toBe(true);
  });
});

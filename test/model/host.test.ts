import { describe, expect, it } from 'vitest';
import { parseAuthority, parseHost } from '../../src/model/host.ts';

describe('parseHost', () => {
  it.each([
    ['api.stripe.com', 'name', 'api.stripe.com'], ['API.Stripe.COM', 'name', 'api.stripe.com'], ['api.stripe.com.', 'name', 'api.stripe.com'],
    ['localhost', 'name', 'localhost'], ['xn--pi-6kc.stripe.com', 'name', 'xn--pi-6kc.stripe.com'], ['3com.com', 'name', '3com.com'], ['a.b1', 'name', 'a.b1'],
    ['1.2.3.4', 'ip', '1.2.3.4'], ['[::1]', 'ip', '::1'], ['::1', 'ip', '::1'], ['[0:0:0:0:0:0:0:1]', 'ip', '::1'], ['[FD00:EC2::254]', 'ip', 'fd00:ec2::254'],
    ['::ffff:1.2.3.4', 'ip', '::ffff:102:304'], ['2001:db8:0:0:1:0:0:1', 'ip', '2001:db8::1:0:0:1'], ['1:0:2:0:3:0:4:0', 'ip', '1:0:2:0:3:0:4:0'], ['::', 'ip', '::'],
  ])('reads %s as the %s %s', (text, kind, host) => {
    expect(parseHost(text)).toEqual({ kind, host });
  });

  it.each([
    '', '.', 'a..b', '.a', 'a.b..', '-a.test', 'a-.test', 'a_b.test', 'a b', 'a\tb', 'a\0b', 'a\r\nb', 'a/b', 'a?b', 'a#b', 'a%2eb', '*', '*.a', 'user@a.test', 'a:80',
    'http://a.test', '0x7f.1', '0x7f000001', '2130706433', '0177.0.0.1', '127.1', '1.2.3.4.', '256.1.1.1', '1.2.3', 'a.123', 'a.0x1f', 'exаmple.test', 'api。stripe。com',
    '[1.2.3.4]', '[::1', '::1]', '[::1%eth0]', ':::', '1:2:3', '1:2:3:4:5:6:7:8::', '::1.2.3.4.5', '[]', `${'a'.repeat(64)}.test`, `${'a.'.repeat(127)}test`,
  ])('refuses %j', (text) => {
    expect(parseHost(text)).toMatchObject({ kind: 'invalid', why: expect.any(String) });
  });
});

describe('parseAuthority', () => {
  it.each([
    ['a.test', 'a.test', 443], ['a.test:80', 'a.test', 80], ['A.Test.:65535', 'a.test', 65535], ['[::1]', '::1', 443], ['[::1]:8025', '::1', 8025], ['1.2.3.4:1', '1.2.3.4', 1],
  ])('reads %s as %s and %i', (text, host, port) => {
    expect(parseAuthority(text, 443)).toEqual({ kind: 'authority', host, port });
  });

  it.each(['', ':80', 'a.test:', 'a.test:0', 'a.test:65536', 'a.test:080', 'a.test:+80', 'a.test:80:80', '::1', '::1:80', '[::1', '[::1]80', 'u@a.test:80', 'u:p@a.test', 'a.test:80@b.test', 'a.test/:80', ' a.test'])('refuses %j', (text) => {
    expect(parseAuthority(text, 443)).toMatchObject({ kind: 'invalid' });
  });
});

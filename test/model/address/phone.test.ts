import { describe, expect, it } from 'vitest';
import { parsePhone } from '../../../src/model/address/phone.ts';

describe('parsePhone', () => {
  it.each([
    ['+15005550006', '+15005550006'], ['+1 (202) 555-0142', '+12025550142'], ['+1.202.555.0150', '+12025550150'], ['+44 20 7946 0123', '+442079460123'],
    ['whatsapp:+14155552671', '+14155552671'], ['WhatsApp:+14155552671', '+14155552671'], ['sms:+14155552671', '+14155552671'], ['tel:+1-415-555-2671', '+14155552671'], ['+1234567890', null], ['+4412345', '+4412345'],
    ['+442071234567890', '+442071234567890'],
  ])('reads %s as %s', (text, e164) => {
    expect(parsePhone(text)).toMatchObject(e164 === null ? { kind: 'invalid' } : { kind: 'phone', e164 });
  });

  it.each([
    ['15005550006', 'country code'], ['0015005550006', 'country code'], ['', 'country code'], ['+', '7 to 15 digits'], ['+0123456789', '7 to 15 digits'], ['+123456', '7 to 15 digits'],
    ['+4412345678901234', '7 to 15 digits'], ['+15005550006+14155552671', '7 to 15 digits'], ['+150055500060', 'exactly ten'], ['+1500555000', 'exactly ten'], ['+44 (0) 20 7946 0123', 'trunk zero'],
    ['+15005550006,+14155552671', 'ASCII digits'], ['+12025550142;ext=1', 'ASCII digits'], ['+12025550142 x9', 'ASCII digits'], ['tel:tel:+15005550006', 'ASCII digits'], ['sip:+15005550006@evil.com', 'ASCII digits'],
    ['+1５005550006', 'ASCII digits'], ['+1\u200b5005550006', 'ASCII digits'], ['+1\u00a05005550006', 'ASCII digits'], ['+15005550006\n', 'ASCII digits'], ['null', 'ASCII digits'], ['1.5e10', 'ASCII digits'],
    ['+9991234567', 'not assigned'], ['+2101234567', 'not assigned'], [`+1${' '.repeat(40)}5005550006`, 'longer than 40'],
  ])('refuses %j', (text, why) => {
    expect(parsePhone(text)).toMatchObject({ kind: 'invalid', why: expect.stringContaining(why) });
  });
});

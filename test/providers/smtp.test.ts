import { describe, expect, it } from 'vitest';
import { smtp } from '../../src/providers/smtp.ts';
import { mailProviderContract } from '../contract/mail-provider.ts';
import { mailFixtures, parseSmtpFile } from '../support/smtp-file.ts';

mailProviderContract(smtp, { fixtures: mailFixtures('smtp') });

describe('a header that is no address list', () => {
  it('never becomes an address by being cut', () => {
    const decoded = smtp.decode(parseSmtpFile(`MAIL FROM:<a@x.test>\nRCPT TO:<b@x.test>\nDATA\nTo: safe@example.test${' '.repeat(1000)}; victim@customer.example\n\nx\n`));
    const told = decoded.kind === 'effects' ? decoded.effects[0]!.recipients.filter(({ role }) => role === 'to') : [];
    expect(told).toMatchObject([{ address: expect.stringMatching(/^safe@example\.test +…$/) }, { address: 'safe@example.test' }, { address: 'victim@customer.example' }]);
  });
});

it('keeps a header that may hold a secret out of the keys', () => {
  const decoded = smtp.decode(parseSmtpFile('MAIL FROM:<a@x.test>\nRCPT TO:<b@x.test>\nDATA\nX-Api-Key: abc\nX-Auth-Token: def\nX-Order-Id: 42\nX-Mailer: m\n\nx\n'));
  expect(decoded).toMatchObject({ effects: [{ keys: [{ name: 'order_id', value: '42' }] }] });
});

import type { AddressInfo } from 'node:net';
import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MailTransaction } from '../../src/model/exchange.ts';
import type { Refusal } from '../../src/model/decision.ts';
import type { Decoded } from '../../src/model/side-effect.ts';
import { smtp } from '../../src/providers/smtp.ts';
import { memory } from '../support/simulation-context.ts';

function path(address: string): MailTransaction['from'] {
  return { address, parameters: [] };
}

async function captured(transaction: MailTransaction, decoded: Decoded, answer: (error: null, text: string) => void): Promise<void> {
  const { reply } = await smtp.simulate(transaction, decoded, memory().context());
  answer(null, `${reply.enhanced} ${reply.text}`);
}

describe('nodemailer', () => {
  const seen: Decoded[] = [];
  let refusal: Refusal | null = null;
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const transaction: MailTransaction = {
          kind: 'mail', helo: null, tls: null, authUser: null, message: Buffer.concat(chunks),
          from: path(session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address), to: session.envelope.rcptTo.map(({ address }) => path(address)),
        };
        const decoded = smtp.decode(transaction);
        seen.push(decoded);
        if (refusal !== null) {
          const { code, enhanced, text } = smtp.reject(transaction, refusal);
          callback(Object.assign(new Error(`${enhanced} ${text}`), { responseCode: code }));
          return;
        }
        void captured(transaction, decoded, callback);
      });
    },
  });
  const transport = (): ReturnType<typeof createTransport> => createTransport({ host: '127.0.0.1', port: (server.server.address() as AddressInfo).port, secure: false });
  const mail = { from: 'Shop <shop@ourcompany.test>', to: 'Änn <ann@example.test>', bcc: 'bob@example.test', subject: 'Grüße', text: 'x' };

  beforeAll(() => new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); }));
  afterAll(() => new Promise<void>((resolve) => { server.close(resolve); }));

  it('resolves on a captured mail, whose blind copy is told too', async () => {
    const info = await transport().sendMail(mail);
    expect(info.response).toMatch(/^250 2\.0\.0 captured cap_/);
    expect(seen.at(-1)).toMatchObject({ effects: [{ from: 'shop@ourcompany.test', subject: 'Grüße', recipients: [{ address: 'ann@example.test', role: 'envelope' }, { address: 'bob@example.test', role: 'envelope' }] }] });
  });

  it('rejects with its own error, holding rule and reason, after exactly one attempt', async () => {
    refusal = { rule: 'no-real-people', reason: 'ann is a real person', capture: 'cap_1' };
    const before = seen.length;
    const error: unknown = await transport().sendMail(mail).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'EMESSAGE', responseCode: 550, response: expect.stringContaining('5.7.1 no-real-people: ann is a real person') });
    expect(seen.length - before).toBe(1);
  });
});

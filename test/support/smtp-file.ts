import { readdirSync, readFileSync } from 'node:fs';
import type { Headers, MailPath, MailTransaction } from '../../src/model/exchange.ts';

export interface MailFixture {
  /** the file's name without '.smtp' */
  readonly name: string;
  readonly transaction: MailTransaction;
  /** what the neighbouring .decoded.json says; undefined where there is none */
  readonly decoded: unknown;
}

/** Every NAME.smtp of test/fixtures/FOLDER with its NAME.decoded.json, by name. */
export function mailFixtures(folder: string): readonly MailFixture[] {
  const base = new URL(`../fixtures/${folder}/`, import.meta.url);
  const files = readdirSync(base);
  return files.filter((file) => file.endsWith('.smtp')).sort().map((file) => {
    const name = file.slice(0, -'.smtp'.length);
    const expected = `${name}.decoded.json`;
    return {
      name,
      transaction: parseSmtpFile(readFileSync(new URL(file, base), 'latin1')),
      decoded: files.includes(expected) ? JSON.parse(readFileSync(new URL(expected, base), 'utf8')) as unknown : undefined,
    };
  });
}

/** A session as text: MAIL and RCPT lines, DATA, the message. Line ends become CRLF, as on the wire. */
export function parseSmtpFile(text: string): MailTransaction {
  const [envelope = '', ...message] = text.replaceAll(/\r?\n/g, '\r\n').split('\r\nDATA\r\n');
  const paths = (command: string): readonly MailPath[] => envelope.split('\r\n').filter((line) => line.startsWith(`${command}:<`)).map((line) => {
    const end = line.lastIndexOf('>');
    const parameters: Headers = line.slice(end + 1).trim().split(' ').filter((word) => word !== '').map((word) => [word.split('=')[0]!, word.split('=').slice(1).join('=')]);
    return { address: line.slice(command.length + 2, end), parameters };
  });
  return {
    kind: 'mail', helo: 'app.staging', tls: null, authUser: null,
    from: paths('MAIL FROM')[0] ?? { address: '', parameters: [] }, to: paths('RCPT TO'),
    message: Buffer.from(message.join('\r\nDATA\r\n'), 'latin1'),
  };
}

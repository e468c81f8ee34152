/**
 * One message in mboxrd (RFC 4155's family): a From_ line, the message with LF line ends and every line that looks like
 * a From_ line quoted once more, an empty line. Bytes above 127 stay as they are.
 */
export function mboxEntry({ from, at, message }: { readonly from: string | null; readonly at: string; readonly message: Uint8Array }): Uint8Array {
  // asctime, as every reader of mbox expects it: 'Sat Nov 21 10:00:00 2026'
  const [, weekday, day, month, year, time] = /^(\w+), (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(at).toUTCString()) ?? [];
  const sender = (from ?? '').replace(/[^\x21-\x7e]/g, '') || 'MAILER-DAEMON';
  const text = Buffer.from(message).toString('latin1').replaceAll('\r\n', '\n').replace(/^(>*From )/gm, '>$1');
  return Buffer.from(`From ${sender} ${weekday} ${month} ${day?.padStart(2, ' ')} ${time} ${year}\n${text}${text.endsWith('\n') ? '' : '\n'}\n`, 'latin1');
}

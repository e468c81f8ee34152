import type { Outcome } from '../model/capture.ts';
import type { MailTransaction, SmtpReply } from '../model/exchange.ts';
import type { House } from './call.ts';
import type { Relay } from './relay.ts';

/** Hands a judged mail to its relay. The caller hears the relay's answer in our words: what the relay said stands in the log. */
export async function relayMail(house: Pick<House, 'logger'>, relay: Relay, mail: MailTransaction, capture: string): Promise<{ readonly outcome: Extract<Outcome, 'relayed' | 'failed' | 'unknown'>; readonly reply: SmtpReply }> {
  const relayed = await relay.send(mail);
  if (relayed.kind === 'relayed') {
    if (relayed.refused > 0) house.logger.warn({ capture, relay: relay.to, refused: relayed.refused }, 'the relay took a mail, but not for all of its recipients');
    const but = relayed.refused === 0 ? '' : `, but the relay refused ${relayed.refused} of ${mail.to.length} recipients`;
    return { outcome: 'relayed', reply: { kind: 'smtp', code: 250, enhanced: '2.0.0', text: `relayed ${capture}${but}` } };
  }
  house.logger.warn({ capture, relay: relay.to, why: relayed.why }, 'a mail was not relayed');
  if (relayed.kind === 'unknown') return { outcome: 'unknown', reply: { kind: 'smtp', code: 451, enhanced: '4.4.2', text: `gateway:relay: the relay gave no answer to ${capture}; it may have been delivered` } };
  return {
    outcome: 'failed',
    reply: relayed.permanent
      ? { kind: 'smtp', code: 550, enhanced: '5.0.0', text: `gateway:relay: the relay refused ${capture}` }
      : { kind: 'smtp', code: 451, enhanced: '4.4.1', text: `gateway:relay: the relay did not take ${capture} now, try again` },
  };
}

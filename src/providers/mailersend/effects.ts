import type { Addressee } from '../../model/recipient.ts';
import type { Email } from '../../model/side-effect.ts';

/** An effect of which the call says nothing but what it is. */
export const nothingYet = {
  channel: 'email', provider: 'mailersend', liveness: 'unknown', recipients: [], keys: [], from: null, subject: null, text: null, html: null, attachments: [], template: null,
} as const satisfies Omit<Email, 'operation'>;

/** People stored at MailerSend. */
export function audience(address: string): Addressee {
  return { address, kind: 'audience', role: 'audience' };
}

/** MailerSend writes microseconds. */
export function iso(ms: number): string {
  return new Date(ms).toISOString().replace(/\.(\d{3})Z$/, '.$1000Z');
}

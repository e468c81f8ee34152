import type { Addressee } from '../../model/recipient.ts';
import type { Email } from '../../model/side-effect.ts';

/** An effect of which the call says nothing but what it is. */
export const nothingYet = {
  channel: 'email', provider: 'resend', liveness: 'unknown', recipients: [], keys: [], from: null, subject: null, text: null, html: null, attachments: [], template: null,
} as const satisfies Omit<Email, 'operation'>;

/** People stored at Resend. */
export function audience(address: string): Addressee {
  return { address, kind: 'audience', role: 'audience' };
}

import type { Sms } from '../../model/side-effect.ts';

/** A change at Twilio that reaches nobody. */
export function silent(operation: string): Sms {
  return { channel: 'sms', provider: 'twilio', operation, liveness: 'unknown', recipients: [], keys: [], from: null, text: null, media: [], template: null };
}

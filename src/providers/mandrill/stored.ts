import type { Remember, SimulationContext } from '../../model/provider.ts';
import type { Email } from '../../model/side-effect.ts';

/** A message as messages/info shows it, one for each recipient. */
export interface StoredMessage {
  readonly _id: string;
  readonly ts: number;
  readonly sender: string;
  readonly template: string | null;
  readonly subject: string;
  readonly email: string;
  readonly tags: readonly string[];
  readonly opens: number;
  readonly opens_detail: readonly object[];
  readonly clicks: number;
  readonly clicks_detail: readonly object[];
  readonly state: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly smtp_events: readonly object[];
}

export function storedFrom(mail: Email, { id, email, state, ts }: { readonly id: string; readonly email: string; readonly state: string; readonly ts: number }): StoredMessage {
  return {
    _id: id, ts, sender: mail.from ?? '', template: mail.template?.id ?? null, subject: mail.subject ?? '', email,
    tags: mail.keys.filter(({ name }) => name === 'tag').map(({ value }) => value),
    opens: 0, opens_detail: [], clicks: 0, clicks_detail: [], state,
    metadata: Object.fromEntries(mail.keys.filter(({ name }) => name !== 'tag' && !name.startsWith('fourthwall_')).map(({ name, value }) => [name, value])),
    smtp_events: [],
  };
}

export function rememberMessage(message: StoredMessage, expectVersion: number): Remember {
  return { kind: 'message', id: message._id, expectVersion, value: message, index: { email: message.email.toLowerCase() } };
}

/** An address on the denylist: mail to it is rejected. */
export interface Reject {
  readonly email: string;
  readonly reason: string;
  readonly detail: string;
  readonly created_at: string;
  readonly last_event_at: string;
  readonly expires_at: string | null;
  readonly expired: boolean;
  readonly subaccount: string | null;
}

export async function rememberReject(email: string, reason: string, detail: string, atMs: number, context: SimulationContext): Promise<Remember> {
  const id = email.toLowerCase();
  const at = time(atMs);
  const value: Reject = { email, reason, detail, created_at: at, last_event_at: at, expires_at: null, expired: false, subaccount: null };
  return { kind: 'reject', id, expectVersion: (await context.recall('reject', id))?.version ?? 0, value };
}

/** '2026-11-21 09:00:00', always UTC */
export function time(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

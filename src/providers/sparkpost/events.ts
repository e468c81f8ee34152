import { createHash } from 'node:crypto';
import type { CallbackDraft, LaterEvent, SimulationContext } from '../../model/provider.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { Entry } from './recipients.ts';
import type { Transmission } from './transmission.ts';

type Family = 'message_event' | 'track_event' | 'unsubscribe_event';

/** https://developers.sparkpost.com/api/webhooks/ */
const families: Readonly<Record<string, Family>> = {
  injection: 'message_event', delivery: 'message_event', delay: 'message_event', bounce: 'message_event', out_of_band: 'message_event',
  policy_rejection: 'message_event', spam_complaint: 'message_event',
  initial_open: 'track_event', open: 'track_event', click: 'track_event',
  list_unsubscribe: 'unsubscribe_event', link_unsubscribe: 'unsubscribe_event',
};

export const sparkpostEvents: readonly string[] = Object.keys(families);

/** A batch of one for each person it happens to. */
export function batchesOf({ name, recipient, detail }: LaterEvent, transmission: Transmission, id: string, context: SimulationContext, notBeforeMs: number): readonly CallbackDraft[] {
  const family = families[name];
  if (family === undefined) return [];
  return transmission.entries.flatMap((entry) => entry.addressees
    .filter(({ kind, address }) => kind === 'email' && (recipient === null || recipient === address))
    .map(({ address, role }): CallbackDraft => ({
      target: 'sparkpost', object: `${id} ${address}`, event: name, notBeforeMs, method: 'POST', contentType: 'application/json',
      headers: [['X-MessageSystems-Batch-ID', context.uuid()]],
      body: JSON.stringify([{ msys: { [family]: { type: name, ...aboutMail(transmission, entry, address, role, id), ...aboutEvent(name, detail), event_id: context.id('', { length: 18, alphabet: 'digits' }), timestamp: String(Math.floor(notBeforeMs / 1000)) } } }]),
    })));
}

function aboutMail({ body, content, mails }: Transmission, entry: Entry, address: string, role: string, id: string): object {
  const campaign = asString(field(body, 'campaign_id'));
  const mail = mails.find(({ recipients }) => recipients.some((one) => one.address === address));
  return {
    ...campaign === null ? {} : { campaign_id: campaign },
    customer_id: '1', subaccount_id: '0', transmission_id: id,
    // one mail, one id, whatever happens to it
    message_id: createHash('sha256').update(`${id} ${address}`).digest('hex').slice(0, 20),
    template_id: content.templateId ?? `template_${id}`, template_version: '0',
    rcpt_to: address.toLowerCase(), raw_rcpt_to: address,
    rcpt_meta: { ...asObject(field(body, 'metadata')), ...entry.metadata }, rcpt_tags: entry.tags,
    ...role === 'to' ? {} : { rcpt_type: role },
    friendly_from: content.from ?? '', subject: mail?.subject ?? '', routing_domain: address.split('@').at(-1)?.toLowerCase() ?? '',
    recv_method: 'rest', sending_ip: '192.0.2.1', transactional: field(asObject(field(body, 'options')), 'transactional') === true ? '1' : '0',
  };
}

function aboutEvent(name: string, detail: string | null): object {
  switch (name) {
    case 'bounce': case 'out_of_band': return { bounce_class: '10', error_code: codeOf(detail, '550'), reason: detail ?? '550 5.1.1 no such user', raw_reason: detail ?? '550 5.1.1 no such user' };
    case 'delay': return { bounce_class: '21', error_code: codeOf(detail, '451'), num_retries: '1', reason: detail ?? '451 4.3.0 try again later', raw_reason: detail ?? '451 4.3.0 try again later' };
    case 'policy_rejection': return { bounce_class: '25', error_code: codeOf(detail, '550'), reason: detail ?? '550 5.7.1 recipient address was suppressed', raw_reason: detail ?? '550 5.7.1 recipient address was suppressed' };
    case 'spam_complaint': return { fbtype: 'abuse', report_by: 'mail.example.com', report_to: 'abuse.example.com', user_str: detail ?? '' };
    case 'delivery': return { delv_method: 'esmtp', num_retries: '0', queue_time: '1000', msg_size: '1337' };
    case 'injection': return { msg_size: '1337' };
    case 'click': case 'link_unsubscribe': return { target_link_name: '', target_link_url: detail ?? 'https://example.com/', ip_address: '192.0.2.2', user_agent: 'Mozilla/5.0' };
    case 'open': case 'initial_open': return { ip_address: '192.0.2.2', user_agent: 'Mozilla/5.0' };
    default: return {};
  }
}

function codeOf(detail: string | null, usual: string): string {
  return /^[245][0-9]{2}(?= |$)/.exec(detail ?? '')?.[0] ?? usual;
}

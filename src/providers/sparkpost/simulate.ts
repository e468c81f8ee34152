import { parseEmailAddress } from '../../model/address/email-address.ts';
import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation, SimulationContext } from '../../model/provider.ts';
import { asObject, asString, field } from '../wire/json.ts';
import { jsonReply } from '../wire/reply.ts';
import { errorReply } from './error.ts';
import type { SparkPostError } from './error.ts';
import { batchesOf } from './events.ts';
import type { Transmission } from './transmission.ts';

export function simulateTransmission(transmission: Transmission, context: SimulationContext): Simulation<HttpResponse> {
  const fault = faultOf(transmission);
  if (fault !== null) return { reply: errorReply(422, fault) };
  const named = transmission.entries.map(({ addressees }) => addressees[0]!);
  const rejected = named.filter(({ kind, address }) => kind === 'email' && parseEmailAddress(address).kind === 'invalid').length;
  if (rejected === named.length) return { reply: errorReply(400, { message: 'At least one valid recipient is required', code: '5002' }) };
  const id = context.id('7', { length: 16, alphabet: 'digits' });
  const start = startOf(transmission, context.now);
  return {
    reply: jsonReply(200, { results: { total_rejected_recipients: rejected, total_accepted_recipients: named.length - rejected, id } }),
    remember: [{ kind: 'transmission', id, expectVersion: 0, value: shown(transmission, id, start > context.now, named.length), index: indexOf(transmission) }],
    callbacks: ['injection', 'delivery'].flatMap((name, seconds) => batchesOf({ name, recipient: null, detail: null }, transmission, id, context, start + seconds * 1000))
      .filter(({ object }) => parseEmailAddress(object.slice(object.indexOf(' ') + 1)).kind !== 'invalid'),
  };
}

/** What the API refuses before it looks at recipients: code 1400, a required field is missing. */
function faultOf({ body, content }: Transmission): SparkPostError | null {
  const given = asObject(field(body, 'content'));
  const missing = (description: string): SparkPostError => ({ message: 'required field is missing', description, code: '1400' });
  if (given === null || Object.keys(given).length === 0) return missing('content object or template_id required');
  if (content.templateId !== null || field(given, 'email_rfc822') !== undefined) return null;
  if (content.from === null) return missing('content.from is required');
  if ((content.subject ?? '') === '') return missing('content.subject is required');
  return (content.html ?? '') === '' && (content.text ?? '') === '' ? missing('content.html or content.text is required') : null;
}

/** options.start_time, where it lies ahead. */
function startOf({ body }: Transmission, now: number): number {
  const at = Date.parse(asString(field(asObject(field(body, 'options')), 'start_time')) ?? '');
  return Number.isNaN(at) ? now : Math.max(now, at);
}

/** GET /api/v1/transmissions/{id} */
function shown({ body, content }: Transmission, id: string, scheduled: boolean, recipients: number): object {
  return {
    id, state: scheduled ? 'submitted' : 'Success', campaign_id: asString(field(body, 'campaign_id')) ?? '', description: asString(field(body, 'description')) ?? '',
    content: content.templateId === null ? { template_id: `template_${id}` } : { template_id: content.templateId },
    metadata: field(body, 'metadata') ?? {}, substitution_data: field(body, 'substitution_data') ?? {}, options: field(body, 'options') ?? {},
    num_rcpts: recipients, num_generated: scheduled ? 0 : recipients, num_failed_gen: 0, num_invalid_recipients: 0,
  };
}

function indexOf({ body, content }: Transmission): Readonly<Record<string, string>> {
  return { campaign_id: asString(field(body, 'campaign_id')) ?? '', template_id: content.templateId ?? '' };
}

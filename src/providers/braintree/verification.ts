import type { SimulationContext } from '../../model/provider.ts';
import { field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { showCard } from './card-node.ts';
import { isTrue } from './parameters.ts';
import { response } from './responses.ts';
import type { Source } from './source.ts';
import type { Nodes } from './xml-reply.ts';

/** `verify_card` asks the bank: what it says when it does not want the card, null when it does. */
export function verification(context: Pick<SimulationContext, 'now' | 'declined'>, { card, outcome }: Pick<Source, 'card' | 'outcome'>, options: JsonObject | null): { readonly message: string; readonly shown: Nodes } | null {
  if (!isTrue(field(options, 'verify_card'))) return null;
  const code = context.declined !== null ? context.declined.code ?? '2000' : outcome.kind === 'declines' ? outcome.code : null;
  if (code === null && outcome.kind !== 'rejected') return null;
  const rejected = code === null && outcome.kind === 'rejected' ? outcome.reason : null;
  const said = code === null ? null : response(/^(?:2[0-9]{3}|3000)$/.test(code) ? code : '2000');
  return {
    message: said?.text ?? `Gateway Rejected: ${rejected}`,
    shown: {
      status: said === null ? 'gateway_rejected' : said.code === '3000' ? 'failed' : 'processor_declined', cvv_response_code: 'I', avs_error_response_code: null, avs_postal_code_response_code: 'I', avs_street_address_response_code: 'I',
      gateway_rejection_reason: rejected, processor_response_code: said?.code ?? '', processor_response_text: said?.text ?? '', created_at: new Date(context.now), updated_at: new Date(context.now), credit_card: showCard(card, null),
    },
  };
}

import type { HttpResponse } from '../../model/exchange.ts';
import { field } from '../wire/json.ts';
import { savedReply } from '../wire/saved-reply.ts';
import { parseXml } from '../wire/xml.ts';
import type { XmlElement } from '../wire/xml.ts';
import { invalid } from './errors.ts';
import type { Told, Work } from './operation.ts';
import { textOf } from './parameters.ts';
import { result } from './result.ts';
import { transactionOf } from './transaction.ts';

/** https://developer.paypal.com/braintree/graphql/integration_guides/idempotency */
const keptMs = 30 * 24 * 3600 * 1000;

/** The same call with the same api_request_key is done once: again it answers how its transaction stands now. */
export function once(name: string, run: Told['run']): Told['run'] {
  return async (work) => {
    const key = textOf(field(work.body, 'api_request_key'));
    if (key === null) return run(work);
    const saved = await savedReply(work.context, { key, scope: 'api_request_key', said: [name, work.ids, work.body], keptMs });
    if (saved.another) throw invalid('transaction', 'api_request_key', '915232', 'API request key can be reused only with the same request.');
    const before = saved.reply === null ? null : idIn(saved.reply);
    if (saved.reply !== null && before !== null) return result(await transactionOf(work, before), saved.reply.status);
    const reply = await run(work);
    await keep(work, saved.saving(reply));
    return reply;
  };
}

async function keep({ ledger }: Work, { kind, id, value }: ReturnType<Awaited<ReturnType<typeof savedReply>>['saving']>): Promise<void> {
  await ledger.find(kind, id);
  ledger.save(kind, id, value);
}

/** Of a transaction, or of the one in a result without success. */
function idIn({ body }: HttpResponse): string | null {
  const xml = parseXml(body);
  const root = xml.kind === 'xml' ? xml.root : null;
  const child = (element: XmlElement | null, name: string): XmlElement | null => element?.children.find((each) => each.name === name) ?? null;
  return (root?.name === 'transaction' ? child(root, 'id') : child(child(root, 'transaction'), 'id'))?.text ?? null;
}

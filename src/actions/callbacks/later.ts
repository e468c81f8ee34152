import { newCaptureId } from '../../model/capture-id.ts';
import type { Capture, StoredHttpReply, StoredHttpRequest } from '../../model/capture.ts';
import type { LaterHappened, LaterOrder } from '../../model/callback.ts';
import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Consequences, HttpProvider, LaterEvent, MailProvider } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { ObjectConflict } from '../../model/store.ts';
import type { House } from '../call.ts';
import { keptOf, wake } from '../record.ts';
import { simulationContext } from '../simulation-context.ts';
import { authorityOf } from './target.ts';

/** How often it runs again when a call changed an object it had read. */
const attempts = 5;

/**
 * Makes something happen to a captured call that was answered long ago: delivered, bounced, disputed. The provider says what its vendor
 * would keep and tell; both are one transaction. Nothing happens to a call that was refused, or that a real vendor has.
 */
export async function happenLater(house: House, provider: (name: string) => HttpProvider | MailProvider | null, order: LaterOrder): Promise<LaterHappened> {
  const capture = await house.store.capture(order.capture);
  if (capture === null) return { kind: 'not-found' };
  const found = provider(capture.provider);
  const events = found?.events ?? [];
  const impossible = (why: string): LaterHappened => ({ kind: 'impossible', why, events });
  const misnamed = (why: string): LaterHappened => ({ kind: 'misnamed', why, events });
  if (capture.direction !== 'out') return impossible('it is a callback itself; name the capture it belongs to');
  if (capture.outcome !== 'captured') return impossible(`nothing happens later to a call that was ${capture.outcome}, only to one that was captured and answered here`);
  if (found === null || found.later === undefined || !('hosts' in found) || capture.request.kind !== 'http' || capture.reply?.kind !== 'http') {
    return impossible(`nothing of ${capture.provider} happens later here`);
  }
  if (!events.includes(order.event)) return misnamed(`${capture.provider} has no event ${JSON.stringify(order.event)}; it has ${events.join(', ')}`);
  const recipient = order.recipient === null ? null : capture.recipients.find(({ address }) => address.toLowerCase() === order.recipient?.toLowerCase())?.address;
  if (recipient === undefined) return misnamed(`the call has no recipient ${JSON.stringify(order.recipient)}; it has ${capture.recipients.map(({ address }) => address).slice(0, 20).join(', ') || 'none'}`);
  const call = await pastCall(house, capture, found);
  if (call === null) return impossible('what is kept of the call is not all that was sent, because secrets were cut out of it');
  return happen(house, found, capture, { name: order.event, recipient, detail: order.detail }, call, impossible);
}

interface PastHttpCall { readonly request: HttpRequest; readonly decoded: Decoded; readonly reply: HttpResponse }

async function happen(house: House, provider: HttpProvider, capture: Capture, event: LaterEvent, call: PastHttpCall, impossible: (why: string) => LaterHappened): Promise<LaterHappened> {
  const scope = await house.store.scopeOf(capture.id);
  if (scope === null) return { kind: 'not-found' };
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const at = house.now();
    const context = simulationContext({ store: house.store, scope, capture: capture.id, now: at, run: capture.run, liveness: capture.liveness, seed: newCaptureId(at), unknownIds: house.unknownIds(scope.provider), page: house.pages(scope, capture.id) });
    const consequences: Consequences = await provider.later!(event, call, context);
    const { remember = [], callbacks = [] } = consequences;
    if (remember.length === 0 && callbacks.length === 0) return impossible(`'${event.name}' cannot happen to this call, or nobody would be told of it`);
    const kept = keptOf(house, capture.provider, { scope, remember, callbacks });
    try {
      const added = await house.store.addConsequences(capture.id, kept);
      if (added === null) return { kind: 'not-found' };
      wake(house, kept.callbacks);
      return { kind: 'happened', capture: capture.id, callbacks: added };
    } catch (error) {
      if (!(error instanceof ObjectConflict)) throw error;
    }
  }
  return impossible(`the objects of this call were changed by other calls ${attempts} times in a row; try again`);
}

/** The call as it is kept; null where that can no longer be read as what it was. */
async function pastCall(house: House, { id, request, reply }: Capture, provider: HttpProvider): Promise<PastHttpCall | null> {
  const [body, answer] = await Promise.all([house.store.requestBody(id), house.store.replyBody(id)]);
  const past = requestOf(request as StoredHttpRequest, body ?? new Uint8Array());
  const decoded = provider.decode(past);
  const { status, headers, trailers } = reply as StoredHttpReply;
  return decoded.kind === 'unrecognized' ? null : { request: past, decoded, reply: { kind: 'http', status, headers, trailers, body: answer ?? new Uint8Array() } };
}

function requestOf({ method, url: address, version, headers, trailers }: StoredHttpRequest, body: Uint8Array): HttpRequest {
  const url = new URL(address);
  // path and query as they were sent, which URL would change
  const [, path = '/', query] = /^[a-z]+:\/\/[^/?]*([^?]*)(?:\?([\s\S]*))?$/.exec(address) ?? [];
  return {
    kind: 'http', method, scheme: url.protocol === 'https:' ? 'https' : 'http', authority: authorityOf(url), path, query: query ?? null,
    version: version as HttpRequest['version'], headers, trailers, body,
  };
}

import type { Reply } from '../model/exchange.ts';
import type { Answer } from '../model/gateway.ts';
import { withHeader } from '../model/headers.ts';

/** An HTTP answer says which capture it became and what was decided. What is stored stays as the vendor would have said it. */
export function stamped<R extends Reply>(answer: Answer<R>): Answer<R> {
  const { reply, capture, action } = answer;
  if (reply.kind !== 'http') return answer;
  const acted = withHeader(reply.headers, ['X-Fourthwall-Action', action]);
  const headers = capture === null ? acted : withHeader(acted, ['X-Fourthwall-Capture', capture]);
  return { ...answer, reply: { ...reply, headers } };
}

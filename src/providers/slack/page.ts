import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import { text } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import type { MethodCall } from './method.ts';
import { failed, ok } from './reply.ts';

/** Lists go on by `cursor`; '' says that nothing follows. https://docs.slack.dev/apis/web-api/pagination */
export async function page({ args }: MethodCall, name: string, items: readonly unknown[], more: Readonly<Record<string, unknown>> = {}): Promise<Simulation<HttpResponse>> {
  const limit = Math.min(Math.max(Number(text(args, 'limit') ?? 100) || 100, 1), 1000);
  const cursor = text(args, 'cursor');
  const from = cursor === null ? 0 : offsetOf(cursor);
  if (from === null) return { reply: failed('invalid_cursor') };
  const next = from + limit < items.length ? Buffer.from(`next:${from + limit}`).toString('base64') : '';
  return { reply: ok({ [name]: items.slice(from, from + limit), ...more, has_more: next !== '', response_metadata: { next_cursor: next } }) };
}

function offsetOf(cursor: string): number | null {
  const found = /^next:([0-9]{1,6})$/.exec(Buffer.from(cursor, 'base64').toString('latin1'))?.[1];
  return found === undefined ? null : Number(found);
}

/** Between `oldest` and `latest`, which are times of messages. */
export function latest(messages: readonly Readonly<Record<string, unknown>>[], args: Arguments): readonly unknown[] {
  const [from, to] = [Number(text(args, 'oldest') ?? 0), Number(text(args, 'latest') ?? Number.MAX_SAFE_INTEGER)];
  const inclusive = text(args, 'inclusive') === 'true' || text(args, 'inclusive') === '1';
  return messages.filter(({ ts }) => inclusive ? Number(ts) >= from && Number(ts) <= to : Number(ts) > from && Number(ts) < to);
}

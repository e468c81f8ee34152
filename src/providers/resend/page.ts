import { formAll } from '../wire/form.ts';
import type { JsonCallInContext } from '../wire/json-api.ts';

/** https://resend.com/docs/api-reference/pagination: newest first, 20 unless asked otherwise, at most 100. */
export async function page(call: JsonCallInContext, kind: string, show: (value: unknown) => unknown, where?: Readonly<Record<string, string>>): Promise<unknown> {
  const one = (name: string): string | undefined => formAll(call.query, name)[0];
  const limit = Math.min(Math.max(Math.trunc(Number(one('limit') ?? 20)) || 20, 1), 100);
  const [after, before] = [one('after'), one('before')];
  const { items, more } = await call.context.list(kind, { limit, ...(after === undefined ? {} : { after }), ...(before === undefined ? {} : { before }), ...(where === undefined ? {} : { where }) });
  return { object: 'list', has_more: more, data: items.map(({ value }) => show(value)) };
}

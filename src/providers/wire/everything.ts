import type { Remembered, SimulationContext } from '../../model/provider.ts';

interface Wanted {
  /** what is indexed with the objects */
  readonly where?: Readonly<Record<string, string>>;
  /** as many as are looked through; a staging environment has fewer */
  readonly most?: number;
}

/** All that is remembered of a kind, newest first, for what no index finds. */
export async function everything<T>(context: Pick<SimulationContext, 'list'>, kind: string, wanted: Wanted = {}): Promise<readonly T[]> {
  return (await remembered(context, kind, wanted)).map(({ value }) => value as T);
}

/** The same with their ids. */
export async function remembered(context: Pick<SimulationContext, 'list'>, kind: string, { where = {}, most = 5_000 }: Wanted = {}): Promise<readonly Remembered[]> {
  const found: Remembered[] = [];
  for (;;) {
    const after = found.at(-1)?.id;
    const page = await context.list(kind, { where, limit: Math.min(100, most - found.length), ...(after === undefined ? {} : { after }) });
    found.push(...page.items);
    if (!page.more || page.items.length === 0 || found.length >= most) return found;
  }
}

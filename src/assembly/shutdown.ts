import type { Logger } from 'pino';

export type Close = () => Promise<unknown>;

/** ms beyond limits.drain, which is what one door may take for itself: the page and its feeds are closed before the doors */
const margin = 5_000;

/**
 * Closes all, newest first, and the last (what was opened first: the store) in any case: neither one that fails nor one that
 * never ends keeps the others from it. After `drain` ms and a margin the rest is closed without waiting. Rejects with the first failure
 * when all is done; one that was left behind is a failure.
 */
export async function shutdown(closing: readonly Close[], { drain, logger }: { readonly drain: number; readonly logger: Pick<Logger, 'error'> }): Promise<void> {
  const [last, ...others] = closing;
  const failures: unknown[] = [];
  const attempt = async (close: Close): Promise<void> => {
    try {
      await close();
    } catch (error) {
      logger.error({ err: error }, 'a part could not be closed; the rest is');
      failures.push(error);
    }
  };
  let over: NodeJS.Timeout | undefined;
  const deadline = new Promise<'late'>((resolve) => { over = setTimeout(() => resolve('late'), drain + margin); });
  for (const close of others.toReversed()) {
    if (await Promise.race([attempt(close), deadline]) === 'late') failures.push(new Error(`draining took longer than ${drain + margin} ms (limits.drain and ${margin}): a part was left as it was`));
  }
  clearTimeout(over);
  if (last !== undefined) await attempt(last);
  if (failures.length > 0) throw failures[0];
}

import { StoreUnavailable } from '../../model/store.ts';
import type { Seal } from '../seal.ts';
import { reasonOf, type Connection } from './connection.ts';
import { reads, type ReadArgs, type ReadName, type ReadResult } from './reads.ts';
import { sqlOn, type Sql } from './sql.ts';

/** One connection for questions, opened again when it is lost. */
export interface Lane {
  ask<K extends ReadName>(name: K, args: ReadArgs<K>): Promise<ReadResult<K>>;
  close(): Promise<void>;
}

interface Opened { readonly connection: Connection; readonly sql: Sql }

/**
 * Bounded like the writer's queue: nobody waits for ever, and not everybody at once.
 * `moment`: each question of several statements is answered as of one moment, one question after the other. Without it every question is one statement, or does not mind that it is not.
 */
export function lane({ open, deadline, most, prepared, moment, seal }: {
  readonly open: () => Promise<Connection>; readonly deadline: number; readonly most: number; readonly prepared: boolean; readonly moment: boolean; readonly seal: Seal;
}): Lane {
  let current: Promise<Opened> | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  let asked = 0;
  let closed = false;

  /** Whoever comes first opens it for all who come while it is open. */
  const opening = (): Promise<Opened> => {
    const made: Promise<Opened> = open().then((connection) => {
      const lost = (): void => { if (current === made) current = null; };
      connection.onGone(lost);
      if (connection.gone() !== null) lost();
      return { connection, sql: sqlOn(connection, { prepared, seal }) };
    });
    made.catch(() => { if (current === made) current = null; });
    return made;
  };
  const answerOf = async (name: ReadName, args: unknown): Promise<unknown> => {
    current ??= opening();
    const { sql } = await current;
    // The map from names to functions cannot be followed by the type checker through a name.
    const read = (): Promise<unknown> => (reads[name] as (sql: Sql, args: unknown) => Promise<unknown>)(sql, args);
    if (!moment) return read();
    // A capture whose outcome changes moves to another profile: between two statements it would be in neither.
    sql.send('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    try {
      return await read();
    } finally {
      sql.send('COMMIT');
      await sql.settled();
    }
  };
  const inTurn = (name: ReadName, args: unknown, wanted: () => boolean): Promise<unknown> => {
    if (!moment) return answerOf(name, args);
    const answer = turn.then(() => {
      if (closed) throw new StoreUnavailable('the store is closed');
      return wanted() ? answerOf(name, args) : null;
    });
    turn = answer.catch(() => undefined);
    return answer;
  };

  return {
    async ask<K extends ReadName>(name: K, args: ReadArgs<K>) {
      if (closed) throw new StoreUnavailable('the store is closed');
      if (asked >= most) throw new StoreUnavailable(`the store has ${asked} questions waiting, ${most} may`);
      asked += 1;
      let timer: NodeJS.Timeout | undefined;
      let wanted = true;
      try {
        const answer = inTurn(name, args, () => wanted);
        const before = current;
        const late = new Promise<never>((_, reject) => {
          timer = setTimeout(() => {
            wanted = false;
            reject(new StoreUnavailable(`the store did not answer within ${deadline} ms`));
            // Whoever had the turn before is late too, so what is under way in turn is this question.
            const on = moment ? current : before;
            // Answers are told apart by their order alone: where this question was lost on its way, it would be given the answer to the next one, and that one the answer after it.
            void on?.then(({ connection }) => connection.cut('it did not answer in time'), () => undefined);
          }, deadline);
        });
        return await Promise.race([answer, late]) as ReadResult<K>;
      } catch (error) {
        if (error instanceof StoreUnavailable || error instanceof RangeError) throw error;
        throw new StoreUnavailable(`the store could not read: ${reasonOf(error)}`, { cause: error });
      } finally {
        clearTimeout(timer);
        asked -= 1;
      }
    },
    async close() {
      closed = true;
      const last = await current?.catch(() => null);
      await last?.connection.end();
    },
  };
}

import { once } from 'node:events';
import { connect } from 'node:net';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createPreview } from '../../src/control/preview.ts';

describe('closing a server of ours', () => {
  it('ends although somebody holds a connection that never says a word', async () => {
    const preview = createPreview({
      store: { capture: async () => null, attachment: async () => null }, controlOrigin: () => [], key: new Uint8Array(32), now: Date.now, logger: pino({ level: 'silent' }),
    });
    const silent = connect(await preview.listen('127.0.0.1', 0), '127.0.0.1');
    silent.on('error', () => undefined);
    await once(silent, 'connect');
    // an answer on a second connection shows that the server has accepted the first
    expect((await fetch(`${preview.origin()}/`)).status).toBe(404);
    const gone = once(silent, 'close');
    await preview.close();
    await gone;
  }, 10_000);
});

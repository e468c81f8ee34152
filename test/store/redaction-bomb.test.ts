import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { redact } from '../../src/store/redaction.ts';
import { draft } from '../contract/store-drafts.ts';

it('a body that unpacks to more than any reader takes is not unpacked to look for secrets, and none of it is kept', () => {
  const bomb = gzipSync(Buffer.alloc(15 * 1024 * 1024, 'a'));
  expect(bomb.length * 100).toBeLessThan(15 * 1024 * 1024);
  const made = draft({ request: {
    kind: 'http', method: 'POST', scheme: 'https', authority: { host: 'api.sendgrid.com', port: 443 }, path: '/v3/mail/send', query: null, version: '1.1',
    headers: [['Content-Encoding', 'gzip']], trailers: [], body: bomb,
  } });
  const kept = redact(made, new Uint8Array(32).fill(1));
  expect(kept.request.kind === 'http' && Buffer.from(kept.request.body).equals(Buffer.alloc(bomb.length, '*'))).toBe(true);
  expect(kept.redactions[0]?.where).toMatch(/not kept: gzip could not be undone/);
});

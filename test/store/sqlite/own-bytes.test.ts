import { expect, test } from 'vitest';
import { answer, email, enrichment, http, mail, recording } from '../../contract/store-drafts.ts';
import { ownEnrichment, ownRecording, ownReply } from '../../../src/store/sqlite/own-bytes.ts';

const pool = Buffer.from('a secret of another call|mine|another secret');
const mine = pool.subarray(25, 29);
const attachment = { filename: null, contentType: 'text/plain', contentId: null, content: mine };

function viewsIn(value: unknown): readonly Uint8Array[] {
  if (value instanceof Uint8Array) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap((item) => viewsIn(item)) : [];
}

test.each([
  ['an HTTP recording', () => ownRecording(recording({ request: http({ body: mine }), reply: answer({ body: mine }), decoded: { kind: 'effects', effects: [email({ attachments: [attachment] })] } })), 3],
  ['a mail', () => ownRecording(recording({ request: mail({ message: mine }) })), 1],
  ['something unreadable', () => ownRecording(recording({ request: { kind: 'unreadable', protocol: 'http', authority: null, received: mine } })), 1],
  ['a reply', () => ownReply(answer({ body: mine })), 1],
  ['an enrichment', () => ownEnrichment(enrichment({ attachments: [attachment] })), 1],
])('%s leaves with bytes of its own: nothing of another call travels along', (_, own, count) => {
  expect(viewsIn(own()).map((view) => [Buffer.from(view).toString(), view.buffer.byteLength])).toEqual(Array.from({ length: count }, () => ['mine', 4]));
});

test('a recording weighs what its bytes weigh', () => {
  expect(ownRecording(recording({ request: http({ body: mine }), reply: answer({ body: mine }) })).bytes).toBe(8);
});

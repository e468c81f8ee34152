import { createHash } from 'node:crypto';
import type { Store } from '../../src/model/store.ts';
import { fingerprint } from '../../src/store/fingerprint.ts';
import { answer, day, email, enrichment, http, mail, payment, recipient, recording, sms } from '../contract/store-drafts.ts';

/** Everything personal that a store is given, each once and unlike anything else; short, so that no body of it is compressed. */
export const planted = {
  address: 'zebra.stripes@bodmer-home.example', domain: 'bodmer-home.example', sender: 'sender.quokka@shop.test', phone: '+4915799887766', second: 'walrus@second-home.example',
  subject: 'Quizzicalsubject', text: 'xylophonetext', html: 'marimbahtml', body: 'bassoonbody', reply: 'clarinetreply', passed: 'piccolopassed', word: 'kazooword', code: '83920175',
  filename: 'payslip-zebra.pdf', file: 'oboefile', later: 'letter-zebra.pdf', contentId: 'inline-zebra-logo', contentType: 'zebra-boundary-77', order: 'ord-zebra-4711', trace: 'ab54a98ceb1f0ad2ab54a98ceb1f0ad2',
  note: 'triangle-note', tag: 'vip-zebra', claim: '*zebra-claim*', link: 'https://shop.test/zebra-link', finding: 'cymbal-excerpt',
  object: 'cus_zebra99', field: 'bongo@field.example', fieldName: 'zebra_field_name', value: 'tambourine-value', seed: 'maraca@seed.example', seedId: 'seed_zebra42',
  target: 'https://hooks.shop.test/zebra-target', line: 'pi_zebra77', callback: 'cowbell-callback', url: 'https://shop.test/zebra-hook', error: 'castanet-error', unsent: 'zither-unsent',
  payer: 'ps_zebra_payer', policy: 'lute@policy.example', asked: 'zebra.asked.example', helo: 'zebra-laptop.home', header: 'x-harp-header', query: 'zebra_query=1', why: 'lyre-why',
} as const;

/** By every write that a gateway makes. Resolves with the ids of the captures. */
export async function plant(store: Store): Promise<readonly string[]> {
  const p = planted;
  await store.openRun({ name: 'ci', space: null, claims: [{ kind: 'recipient', pattern: p.claim }], registered: true });
  const message = Buffer.from(`Subject: ${p.subject}\r\nMessage-ID: <1@shop.test>\r\n${p.header}: 1\r\n\r\n${p.body}`);
  const mailed = recording({
    request: mail({ message, helo: p.helo, from: { address: p.sender, parameters: [] }, to: [{ address: p.address, parameters: [] }] }), enrichment: 'pending', run: 'ci',
    decoded: { kind: 'effects', effects: [email({ subject: p.subject, from: p.sender, recipients: [recipient(p.address)], keys: [{ name: 'order', value: p.order }] })] },
    keys: [{ name: 'order', value: p.order }], identities: [{ kind: 'email', value: p.address }],
    origin: { space: null, service: 'shop', run: 'ci', trace: p.trace, address: '127.0.0.1', via: 'smtp' },
    findings: [{ id: 'odd', title: 'odd', where: 'text', excerpt: p.finding }],
    decision: { action: 'capture', reply: null, rule: 'all', reason: 'x', trace: [{ rule: 'all', matched: true, because: p.why }], reported: [], policy: { sha256: 'f'.repeat(64) }, fault: null },
  });
  await store.record(mailed);
  const file = { filename: p.later, contentType: 'application/pdf', contentId: p.contentId, content: Buffer.from(p.file) };
  await store.enrich(mailed.draft.id, enrichment({ subject: p.subject, text: `${p.text} ${p.word}`, html: `<p>${p.html}</p>`, codes: [p.code], links: [p.link], attachments: [file] }));
  await store.patch(mailed.draft.id, { note: p.note, tags: [p.tag] });

  const told = { query: p.query, headers: [['Content-Type', `multipart/form-data; boundary=${p.contentType}`], ['Idempotency-Key', 'k-1']] } as const;
  const texted = recording({
    protocol: 'http', provider: 'twilio', channels: ['sms', 'email'], outcome: 'pending', reply: null, identities: [{ kind: 'phone', value: p.phone }],
    request: http({ ...told, body: Buffer.from(p.body) }),
    decoded: { kind: 'effects', effects: [sms({ text: p.text, recipients: [recipient(p.phone, { kind: 'phone' })] }),
      email({ text: p.text, recipients: [recipient(p.second)], attachments: [{ filename: p.filename, contentType: 'text/plain', contentId: null, content: Buffer.from(p.file) }] })] },
  });
  await store.record(texted);
  await store.outcome(texted.draft.id, 'forwarded', answer({ body: Buffer.from(p.reply) }), { request: http({ ...told, body: Buffer.from(p.passed) }), redactions: [] });

  const scope = { provider: 'stripe', account: 'acc', run: '' };
  const queued = { target: p.target, object: p.line, event: 'paid', notBeforeMs: day, method: 'POST', headers: [['X-A', p.callback]] as const, body: `{"a":"${p.callback}"}`, contentType: 'application/json', url: p.url };
  const paid = recording({ protocol: 'http', provider: 'stripe', channels: ['payment'], request: http(), decoded: { kind: 'effects', effects: [payment()] } }, {
    remember: [{ scope, object: { kind: 'customer', id: p.object, expectVersion: 0, value: { name: p.value }, index: { email: p.field, [p.fieldName]: '1' } } }],
    callbacks: [queued, { ...queued, skipped: p.unsent }], unsent: [{ target: p.target, event: 'paid', notBeforeMs: day, why: p.unsent }],
  });
  await store.record(paid);
  await store.addConsequences(paid.draft.id, { remember: [], callbacks: [queued], chosen: { provider: 'stripe', kind: 'session', id: p.payer, choice: 'pay' } });
  const { leased: [lease] } = await store.leaseCallbacks({ instance: 'one', limit: 1, forMs: 1_000 });
  await store.settleCallback({ id: lease!.id, instance: 'one', attempt: 1, state: 'pending', notBeforeMs: day + 1, url: p.url, status: 500, error: p.error, delivery: null });
  await store.resendCallback(lease!.id, p.url);
  await store.putObjects([{ scope, kind: 'customer', id: p.seedId, value: { email: p.seed } }]);
  await store.keepPolicy('0'.repeat(64), `safe: ["${p.policy}"]`);
  await store.append({ kind: 'policy', capture: null, run: null, data: { state: 'stale', problems: [`found ${p.policy}`] } });
  await store.append({ kind: 'dns-asked', capture: null, run: null, data: { name: p.asked } });
  return [mailed, texted, paid].map(({ draft }) => draft.id);
}

/** What somebody with the database alone would compare with: hashes of what they guess, made without a key. */
export function guesses(): readonly Buffer[] {
  const p = planted;
  const texts: readonly string[] = Object.values(p).flatMap((value) => [value, value.toLowerCase(), `recipient:${value}`, `email:${value}`, `phone:${value}`, `order:${value}`, `${value}\n`,
    ...['recipient', 'key', 'trace', 'tag', 'domain', 'word', 'object', 'field'].map((name) => JSON.stringify(['term', name, value])),
    JSON.stringify(['object', 'stripe', 'acc', '', 'customer', value]), JSON.stringify(['line', 'stripe', p.target, value])]);
  const hashOf = (algorithm: string) => (text: string): Buffer => createHash(algorithm).update(text).digest();
  return [
    ...[...new Set(texts)].map(hashOf('sha256')), ...['sha1', 'md5'].flatMap((algorithm) => Object.values(p).map(hashOf(algorithm))),
    // what tells a retry (store/prepare.ts): the call and its body
    createHash('sha256').update(JSON.stringify(['k-1', ['POST', 'api.vendor.test', '/v1/things', p.query]])).update(p.body).digest(),
    Buffer.from(fingerprint({ provider: 'smtp', operation: 'mail.send', title: p.subject }), 'hex'),
  ];
}

/** Where a dump (as latin1) holds such a hash: as bytes, hex or base64, or the first 6 bytes of it in hex. */
export function guessed(dump: string): number {
  return guesses().filter((hash) => [hash.toString('latin1', 0, 12), hash.toString('hex', 0, 6), hash.toString('base64', 0, 9)].some((form) => dump.includes(form))).length;
}

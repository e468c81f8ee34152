import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findingsAgain, findingsOfCall } from '../../src/findings/from-call.ts';
import { liveCardIn } from '../../src/findings/live-card.ts';
import type { HttpRequest, Request } from '../../src/model/exchange.ts';

// put together here, so that nothing in this file looks like a card that somebody has
const card = ['4539', '5787', '6362', '1486'].join('');
const http = (given: Partial<HttpRequest> = {}): HttpRequest => ({
  kind: 'http', method: 'POST', scheme: 'https', authority: { host: 'api.nobody.test', port: 443 }, path: '/v9/what', query: null, version: '1.1',
  headers: [], trailers: [], body: new Uint8Array(0), ...given,
});
const places = (request: Request): readonly string[] => liveCardIn(request).map(({ id, where }) => `${id} @ ${where}`);

describe('a card number in a call as it was sent', () => {
  it.each<[string, Partial<HttpRequest>, string]>([
    ['a form', { body: Buffer.from(`card[number]=${card}&card[cvc]=123`) }, 'body'],
    ['a form, in groups', { body: Buffer.from(`number=${card.replaceAll(/(.{4})(?=.)/g, '$1+')}`) }, 'body'],
    ['JSON', { body: Buffer.from(JSON.stringify({ payment: { creditCard: { cardNumber: card } } })) }, 'body'],
    ['JSON with escapes', { body: Buffer.from(`{"number":"${card.replaceAll('4', '\\u0034')}"}`) }, 'body'],
    ['XML', { body: Buffer.from(`<number>${card}</number>`) }, 'body'],
    ['the query', { query: `pan=${card}` }, 'target'],
    ['the path', { path: `/cards/${card}` }, 'target'],
    ['a header', { headers: [['X-Card', card]] }, 'header X-Card'],
    ['a large body', { body: Buffer.from(`${'x'.repeat(400_000)} ${card}`) }, 'body'],
  ])('is found in %s', (_what, given, where) => {
    expect(places(http(given))).toEqual([`live-card @ ${where}`]);
  });

  const spaced = (space: string): string => card.replaceAll(/(.{4})(?=.)/g, `$1${space}`);
  it.each([
    `${card} 12/27`, `${card} 123`, `2026-11-21 ${card}`, `qty 2 ${spaced(' ')}`, `${spaced('-')}-12-27`, `1 ${spaced(' ')} 1`, `${spaced(' ')} 123`, `3782 822463 10005 ${card}`,
    ...['\u00a0', '\u202f', '\u2011', '\t', '.', '%C2%A0', '%20', '+', '%2D'].map(spaced),
  ])('is found beside other numbers, and however it is grouped: %j', (text) => {
    for (const body of [Buffer.from(text), Buffer.from(JSON.stringify({ text })), Buffer.from(`note=${encodeURIComponent(text)}`)]) expect(places(http({ body })), body.toString()).toEqual(['live-card @ body']);
  });

  it('is found in a mail', () => {
    expect(places({ kind: 'mail', helo: null, tls: null, authUser: null, from: { address: '', parameters: [] }, to: [], message: Buffer.from(`Subject: x\r\n\r\nYour card ${card}`) })).toEqual(['live-card @ body']);
  });

  it.each(['4242424242424242', '4000000000009995', '5555555555554444', card.replace(/.$/, '7'), '+4915112345678', `9${card}1`])('is not seen in %s', (text) => {
    expect(places(http({ body: Buffer.from(`number=${text}`) }))).toEqual([]);
  });

  it('is a finding of the call beside the others, and its excerpt tells the issuer alone', () => {
    const found = findingsOfCall({ kind: 'unrecognized', why: 'no provider claims it' }, http({ body: Buffer.from(card) }));
    expect(found.map(({ id }) => id)).toEqual(['live-card']);
    expect(found[0]?.excerpt).toContain(card.slice(0, 6));
    expect(JSON.stringify(found)).not.toContain(card.slice(0, 7));
    expect(findingsAgain({ kind: 'unrecognized', why: 'x' }, ['live-card'])).toEqual(['live-card']);
  });

  it('is not seen in any number that a simulated vendor takes for a test card', () => {
    const files = readdirSync('src/providers', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const numbers = new Set(files.flatMap((file) => readFileSync(`src/providers/${file}`, 'utf8').match(/(?<![0-9])[0-9]{13,19}(?![0-9])/g) ?? []));
    expect(numbers.size).toBeGreaterThan(50);
    expect([...numbers].filter((number) => liveCardIn(http({ body: Buffer.from(`card=${number}`) })).length > 0)).toEqual([]);
  });
});

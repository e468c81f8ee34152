import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { searchPhrases, wordsOf } from '../../src/store/search-words.ts';

/** The words SQLite's full-text index makes of a text, as the SQLite store has it. */
function fts5(text: string): readonly string[] {
  const database = new DatabaseSync(':memory:');
  database.exec(`CREATE VIRTUAL TABLE search USING fts5(text, tokenize="unicode61 remove_diacritics 2"); CREATE VIRTUAL TABLE v USING fts5vocab('search', 'instance')`);
  database.prepare('INSERT INTO search (text) VALUES (?)').run(text);
  const words = database.prepare('SELECT term FROM v ORDER BY offset').all().map(({ term }) => String(term));
  database.close();
  return words;
}

test.each([
  'Your order #12 has shipped: ann.lee+tag@shop.test', 'Grüße aus Köln, ÉCOLE, naïve façade', 'Straße STRASSE', 'ord-991_x 3,14 1e5 007', '€42.00 (½) x²', 'ΣΊΣΥΦΟΣ Οδυσσεύς', 'Привет, Мир! Ёлка',
  '注文番号１２３ です', '주문 완료', 'İstanbul ılık', 'don’t “quote”', 'a\u0301b n\u0303', 'Ångström Å', 'emoji 😀 party🎉time', 'tab\tnew\nline', '\u200bzero\u200dwidth', 'Việt Nam Đà Nẵng', 'łódź Øre æther', '',
])('a text has the same words in both stores: %s', (text) => {
  expect(wordsOf(text).map((word) => word.normalize('NFC'))).toEqual(fts5(text).map((word) => word.normalize('NFC')));
});

test('what is asked for is phrases and beginnings, and nothing of a query language', () => {
  expect(searchPhrases('a "b c" d* "e*" "f')).toEqual([
    { text: 'a', prefix: false }, { text: 'b c', prefix: false }, { text: 'd*', prefix: true }, { text: 'e*', prefix: false }, { text: 'f', prefix: false }]);
  expect([searchPhrases(' '), searchPhrases('--- "!"')]).toEqual(['everything', 'nothing']);
});

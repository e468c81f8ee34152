/** Words that stand together; `prefix`: the last of them is only a beginning. */
export interface Phrase { readonly text: string; readonly prefix: boolean }

/**
 * What a search asks for: every word must occur, "quoted phrases" together, a word with '*' at its end by its beginning; there is no query language beyond that.
 * 'everything': nothing was asked. 'nothing': something was, and it holds no word.
 */
export function searchPhrases(q: string): readonly Phrase[] | 'everything' | 'nothing' {
  const parts = [...q.matchAll(/"([^"]*)"?|([^\s"]+)/g)].map(([, phrase, word]) => ({ text: phrase ?? word ?? '', prefix: word?.endsWith('*') === true }));
  const phrases = parts.filter(({ text }) => /[\p{L}\p{N}\p{Co}]/u.test(text));
  if (phrases.length > 0) return phrases;
  return q.trim() === '' ? 'everything' : 'nothing';
}

/**
 * The words of a text, as SQLite's tokenizer `unicode61 remove_diacritics 2` sees them: runs of letters and digits, in small letters,
 * Latin ones without accents. Other marks stay with the letter they belong to.
 */
export function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().normalize('NFD').replace(/(?<=\p{Script=Latin})[\u0300-\u036f]+/gu, '').normalize('NFC').replaceAll('ς', 'σ')
    .match(/[\p{L}\p{N}\p{Co}][\p{L}\p{N}\p{Co}\p{M}]*/gu) ?? [];
}

import { Unanswerable } from '../model/store.ts';
import type { Seal } from './seal.ts';
import { searchPhrases, wordsOf, type Phrase } from './search-words.ts';

export type Terms = readonly (readonly [name: string, value: string])[];

/** Names of terms whose values are personal. What is counted and shown by value (channel, service, run, finding ...) stays clear, and a person's id is a keyed hash already. */
const personal: ReadonlySet<string> = new Set(['recipient', 'domain', 'key', 'trace', 'tag']);

/** What stands in the index for a value of this name. */
export function termValue(seal: Seal, name: string, value: string): string {
  return personal.has(name) ? seal.hash(name, value) : value;
}

/** Terms as they are kept. The domain of an address has one of its own: a pattern would have to be compared with every address, and cannot be with a hash. */
export function sealedTerms(seal: Seal, terms: Terms): Terms {
  const domains = new Set(terms.flatMap(([name, value]) => (name === 'recipient' && value.includes('@') ? value.slice(value.lastIndexOf('@') + 1) : [])));
  return [...terms.map(([name, value]) => [name, termValue(seal, name, value)] as const), ...[...domains].map((domain) => ['domain', termValue(seal, 'domain', domain)] as const)];
}

/** What is asked of one name: terms as they are kept, and patterns to be matched with those that stand there clear. */
export function askedTerms(seal: Seal, name: string, values: readonly string[]): { readonly exact: Terms; readonly patterns: readonly string[] } {
  const patterns = name === 'recipient' ? values.filter((value) => value.includes('*')) : [];
  const exact = values.filter((value) => !patterns.includes(value)).map((value) => [name, termValue(seal, name, value)] as const);
  const domains = patterns.map((pattern) => ({ pattern, domain: /^\*@([^*@]+)$/.exec(pattern)?.[1] }));
  const others = domains.filter(({ domain }) => domain === undefined).map(({ pattern }) => pattern);
  if (seal.keyId !== null && others.length > 0) {
    const [pattern] = others;
    throw new Unanswerable(`recipient: ${JSON.stringify(pattern)} cannot be looked for, because this store is encrypted and holds hashes of addresses; give a whole address, or *@ and a whole domain`);
  }
  return { exact: [...exact, ...domains.flatMap(({ domain }) => (domain === undefined ? [] : [['domain', termValue(seal, 'domain', domain)] as const]))], patterns: others };
}

/** What full text is asked for. Throws where a word is only a beginning and the words are hashes. */
export function askedPhrases(seal: Seal, q: string): readonly Phrase[] | 'everything' | 'nothing' {
  const phrases = searchPhrases(q);
  if (seal.keyId === null || typeof phrases === 'string') return phrases;
  const open = phrases.find(({ prefix }) => prefix);
  if (open !== undefined) throw new Unanswerable(`q: ${JSON.stringify(open.text)} cannot be looked for, because this store is encrypted and holds hashes of whole words; give whole words, or a phrase in quotes`);
  const hashed = phrases.map(({ text }) => ({ text: searchable(seal, text), prefix: false })).filter(({ text }) => text !== '');
  return hashed.length === 0 ? 'nothing' : hashed;
}

/** A text as the full-text index is given it. */
export function searchable(seal: Seal, text: string): string {
  return seal.keyId === null ? text : wordsOf(text).map(seal.word).join(' ');
}

import type { Finding } from '../model/capture.ts';
import { around } from './excerpt.ts';
import { placesOf } from './said.ts';
import type { Said } from './said.ts';

/** Text that was only to hold the place until somebody writes the real one. */
const fillers: readonly RegExp[] = [
  /\blorem ipsum\b|\bdolor sit amet\b/i,
  /(?<![\p{L}\p{N}])(?:TODO|FIXME|TBD)(?=[:(\]])|^[ \t]{0,8}(?:TODO|FIXME|TBD)(?![\p{L}\p{N}])/mu,
  /(?<![\p{L}\p{N}])x{3,}(?![\p{L}\p{N}])/iu,
  /\b(?:asdf|qwertz?uiop|foo ?bar(?: ?baz)?|bla bla|blah blah)\b/i,
  /\bplaceholder (?:text|copy|image|title|subject)\b|\b(?:text|copy) goes here\b/i,
  /\[(?:your|insert|first|last|customer|company)[ _-][\p{L} _-]{1,30}\]|\[(?:name|vorname|nachname|date|datum)\]|\binsert [\p{L} ]{1,30} here\b/iu,
];

/** 'Lorem ipsum', 'TODO: ask legal', 'Dear [Your Name]'. */
export function placeholder(said: Said): readonly Finding[] {
  return placesOf(said).filter(({ where }) => where !== 'link').flatMap(({ where, content }) => {
    const match = fillers.map((filler) => filler.exec(content)).find((found) => found !== null);
    return match ? [{ id: 'placeholder-text', title: 'Filler text was left in', where, excerpt: around(content, match.index, match[0].length) }] : [];
  });
}

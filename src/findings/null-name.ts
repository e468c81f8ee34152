import type { Finding } from '../model/capture.ts';
import { around, excerptOf } from './excerpt.ts';
import { salutationsIn } from './salutation.ts';
import { placesOf } from './said.ts';
import type { Said } from './said.ts';

/** Values of programs where a person expects words. 'null' alone is a German number, and "null and void" is English: see below. */
const values: readonly RegExp[] = [
  /\[object \w{1,20}\]/,
  /(?<![\p{L}\p{N}])NaN(?![\p{L}\p{N}])/u,
  /(?<![\p{L}\p{N}])Invalid Date(?![\p{L}\p{N}])/u,
  /(?<![\p{L}\p{N}-])undefined(?![\p{L}\p{N}-])(?! (?:behaviou?r|term|variable))/u,
  /[:=#€$£] {0,3}null(?![\p{L}\p{N}])/u,
  /(?<![\p{L}\p{N}])(?:null null|(?:EUR|USD|GBP|CHF) null)(?![\p{L}\p{N}])/u,
  /[?&/=](?:null|undefined|NaN)(?=[&/?#]|$)/,
];
const nobody = /^(?:null|undefined|nan|none|nil|n\/a|na|unknown|anonymous user|user|\(null\)|\{\}|\[\])(?: (?:null|undefined|none|nil))?$/i;

/** 'Dear null,', 'Dear ,', 'Total: NaN': a value that was missing when the message was made. */
export function nullName(said: Said): readonly Finding[] {
  const salutations = [{ where: 'text', content: said.text }, { where: 'html', content: said.visible }].flatMap(({ where, content }) => {
    const bad = salutationsIn(content).find(({ name, nameExpected }) => nobody.test(name) || (name === '' && nameExpected));
    if (bad === undefined) return [];
    const empty = bad.name === '';
    return [{ id: empty ? 'empty-salutation' : 'null-name', title: empty ? 'The salutation has no name' : 'The salutation names nobody', where, excerpt: excerptOf(bad.line) }];
  });
  const others = placesOf(said).flatMap(({ where, content }) => {
    const match = values.map((value) => value.exec(content)).find((found) => found !== null);
    return match ? [{ id: 'null-value', title: 'A missing value was written out', where, excerpt: around(content, match.index, match[0].length) }] : [];
  });
  return [...salutations, ...others];
}

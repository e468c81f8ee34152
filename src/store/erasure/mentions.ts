import type { Subject } from '../../model/erasure.ts';
import { spellingOf } from './spelling.ts';
import { textOf, views } from './views.ts';

/** whole: it stands there; part: only inside a longer word, which is somebody else's; unread: the bytes could not be unpacked. */
export type Mention = 'whole' | 'part' | 'none';

export interface Mentions {
  inText(text: string): Mention;
  inBytes(bytes: Uint8Array): Mention | 'unread';
  /** the same JSON, with every text that mentions a subject blotted out */
  blotted(json: string): string;
}

export const blot = '[erased]';

export function mentionsOf(subjects: readonly Subject[]): Mentions {
  const spellings = subjects.map((subject) => spellingOf(subject));
  const whole = new RegExp(spellings.map((spelling) => `(?:${spelling.whole})`).join('|'), 'iu');
  const part = new RegExp(spellings.map((spelling) => `(?:${spelling.part})`).join('|'), 'iu');
  const patterned = spellings.some(({ needles }) => needles === null);
  const needles = spellings.flatMap((spelling) => spelling.needles ?? []);
  const beyondAscii = subjects.some(({ value }) => /[^\x20-\x7e]/.test(value));

  const inView = (given: string): Mention => {
    const text = beyondAscii ? given.normalize('NFC') : given;
    // A plain search first: it rules out nearly everything.
    if (!patterned) {
      const lower = text.toLowerCase();
      if (!needles.some((needle) => lower.includes(needle))) return 'none';
    }
    return whole.test(text) ? 'whole' : part.test(text) ? 'part' : 'none';
  };
  const inText = (text: string): Mention => {
    let found: Mention = 'none';
    for (const view of views(text)) {
      const mention = inView(view);
      if (mention === 'whole') return mention;
      if (mention === 'part') found = mention;
    }
    return found;
  };
  const withoutMentions = (value: unknown): unknown => {
    if (typeof value === 'string') return inText(value) === 'whole' ? blot : value;
    if (typeof value === 'number') return inText(String(value)) === 'whole' ? blot : value;
    if (Array.isArray(value)) return value.map(withoutMentions);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [inText(name) === 'whole' ? blot : name, withoutMentions(field)]));
  };

  return {
    inText,
    inBytes(bytes) {
      const text = textOf(bytes, beyondAscii);
      return text === null ? 'unread' : inText(text);
    },
    blotted: (json) => JSON.stringify(withoutMentions(JSON.parse(json))),
  };
}

/** The words a letter begins with, and whether a name must follow ('Dear Ann' but also just 'Hello'). */
const greetings = [
  { words: 'dear|sehr geehrte(?:r|[*:]r|/r|\\(r\\))?(?: (?:herr|frau|damen und herren))?|liebe(?:r|[*:]r|/r)?|lieber|cher|chère|cher\\(e\\)|estimad[oa]|querid[oa]|gentile|egregio|caro|cara|beste|geachte', named: true },
  { words: 'hi|hello|hey|hallo|guten tag|guten morgen|guten abend|moin|servus|bonjour|bonsoir|salut|hola|ciao|buongiorno|good (?:morning|afternoon|evening)', named: false },
] as const;

export interface Salutation {
  /** the whole line, trimmed */
  readonly line: string;
  /** what stands between the greeting and its comma, trimmed */
  readonly name: string;
  /** a blank was left for a name, or this greeting needs one */
  readonly nameExpected: boolean;
}

/** Lines that greet: 'Dear Ann,', 'Hallo ,'. Only a line's beginning counts, and a name of at most 80 characters. */
export function salutationsIn(text: string): readonly Salutation[] {
  return greetings.flatMap(({ words, named }) =>
    [...text.matchAll(new RegExp(`^[ \\t>]{0,8}(?:${words})(?![\\p{L}\\p{N}])([^\\n,!:;]{0,80})(?:[,!:;]|$)`, 'gimu'))].map((match) => ({
      line: match[0].trim(),
      name: (match[1] ?? '').trim(),
      nameExpected: named ? !/(?:damen und herren|frau und herr)/i.test(match[0]) : /^[ \t]/.test(match[1] ?? '') && match[0].trimEnd().search(/[,!:;]$/) >= 0,
    })));
}

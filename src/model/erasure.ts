/** Whom an erasure is about, as the identities of a person are named. */
export interface Subject { readonly kind: 'email' | 'phone' | 'customer' | 'device'; readonly value: string }

/** Shorter ones would be found in everything. */
const least: Readonly<Record<Subject['kind'], number>> = { email: 5, phone: 6, customer: 4, device: 6 };

/** Why a subject cannot be looked for, or null. Does not repeat the value. */
export function whatIsWrongWith({ kind, value }: Subject): string | null {
  const text = value.trim();
  if (kind === 'email' && !/^[^\s@]+@[^\s@]+$/.test(text)) return 'an email address has one @ and no blanks';
  if (kind === 'phone' && !/^(?:\+|00)?[\d\s()./-]+$/.test(text)) return 'a phone number has digits, a + before them, and nothing else but blanks, dots, dashes, slashes and brackets';
  const length = kind === 'phone' ? digitsOf(text).length : text.length;
  return length < least[kind] ? `a value of kind ${kind} has at least ${least[kind]} ${kind === 'phone' ? 'digits' : 'characters'}: a shorter one would be found in what is somebody else's` : null;
}

/** Of a phone number, in international form without the + or 00. */
export function digitsOf(text: string): string {
  return text.replace(/^\s*00/, '').replace(/\D/g, '');
}

/** `linked`: also what is known of the same person only by other identities than the named ones. */
export interface ErasureOrder {
  readonly subjects: readonly Subject[];
  readonly linked: boolean;
  /** who asked; kept with the proof */
  readonly actor: string;
}

/** How many of each; of captures, everything that is kept with them goes too. */
export interface ErasureCounts {
  readonly captures: number;
  readonly bodies: number;
  readonly callbacks: number;
  readonly objects: number;
  readonly identities: number;
  /** places in the counting of the mailshot breaker that named somebody; the count itself stays */
  readonly tallies: number;
  /** runs whose name or claims named somebody */
  readonly runs: number;
  /** events and audit entries, in which the value is blotted out */
  readonly notes: number;
  /** kept texts of policies */
  readonly policies: number;
}

/** What a complete look through the store found of the subjects. */
export interface Sighting {
  readonly subjects: readonly { readonly kind: Subject['kind']; /** keyed */ readonly hash: string }[];
  /** nothing of them is anywhere, everything could be read, and nothing deleted waits in the bucket */
  readonly clean: boolean;
  readonly found: Omit<ErasureCounts, 'bodies'>;
  /** in which tables it stood, and how many rows of each */
  readonly places: Readonly<Record<string, number>>;
  /** the captures and objects found, at most 100 each */
  readonly captures: readonly string[];
  readonly objects: readonly { readonly provider: string; readonly kind: string; readonly id: string }[];
  /** open registered runs that have something of it: nothing is erased until they are closed */
  readonly openRuns: readonly string[];
  /** calls that have no outcome yet, at most 100: they stay until they have */
  readonly pending: readonly string[];
  /** what is known of the same person by other identities */
  readonly linked: { readonly identities: readonly { readonly kind: string; readonly hash: string }[]; readonly captures: number };
  /** captures in which the value stands only as a part of a longer one (mary.jane@...): somebody else's, and never erased. At most 100 ids */
  readonly near: { readonly count: number; readonly captures: readonly string[] };
  readonly scanned: Scanned;
  readonly bucket: InTheBucket;
}

/** `waiting`: objects of deleted bodies, anybody's, that the bucket has not given up yet; null: large bodies lie in the database */
export type InTheBucket = { readonly waiting: number } | null;

/** `unread`: bodies that are damaged, too much to unpack or not to be had from the bucket, and rows that cannot be opened; `until`: everything up to this event was looked at. */
export interface Scanned { readonly rows: number; readonly bodies: number; readonly bytes: number; readonly unread: number; readonly until: number }

/** What the storage itself was made to forget, and what it may still hold. */
export type StorageForgets =
  | { readonly engine: 'sqlite'; readonly logEmptied: boolean; readonly vacuumed: boolean; readonly files: { readonly bytes: number; readonly found: number } }
  | { readonly engine: 'postgres'; readonly vacuumed: boolean; readonly why: string | null; readonly mayStillHold: readonly string[] };

/** That an erasure happened, and what is left. Names nobody. `sha256` is over everything else here, and `previous` is that of the proof before. */
export interface ErasureProof {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly subjects: Sighting['subjects'];
  readonly linked: 'erased' | 'left';
  readonly erased: ErasureCounts;
  /** the events 'deleted' of the captures: [first, last] of each stretch */
  readonly events: readonly (readonly [number, number])[];
  /** the second look through the whole store found nothing, and so did the files, and nothing deleted is left in the bucket */
  readonly clean: boolean;
  readonly left: {
    readonly found: Omit<ErasureCounts, 'bodies'>;
    readonly captures: readonly string[];
    readonly openRuns: readonly string[];
    readonly linkedCaptures: number;
    readonly near: number;
  };
  /** the second look; `later`: captures recorded after it and before this proof, not looked at */
  readonly scan: Scanned & { readonly later: number };
  readonly storage: StorageForgets;
  readonly bucket: InTheBucket;
  readonly previous: string | null;
  readonly sha256: string;
}

/** Captures of open registered runs name the subjects: nothing was erased. */
export class RunsOpen extends Error {
  override readonly name = 'RunsOpen';
  readonly runs: readonly string[];
  constructor(runs: readonly string[]) {
    super(`open runs have something of the subjects: ${runs.join(', ')}; close them first (POST /api/runs/:name/close), their verdicts are inconclusive afterwards`);
    this.runs = runs;
  }
}

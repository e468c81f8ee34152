/** Something that is wrong in a store. */
export interface Flaw {
  /** 'file', 'body', 'capture', 'index', 'words', 'holding', 'sum', 'orphan', 'event', 'reference' */
  readonly kind: string;
  /** on what: 'capture cap_...', 'body 3f2a...'; never what was captured */
  readonly on: string;
  readonly what: string;
  /** what is right to do about it */
  readonly right: string;
}

export interface Checked {
  /** version of its schema */
  readonly schema: number;
  readonly looked: { readonly captures: number; readonly bodies: number; /** captures whose entries in the index were compared */ readonly indexed: number };
  /** the first of them */
  readonly flaws: readonly Flaw[];
  /** of all, by kind */
  readonly found: Readonly<Record<string, number>>;
}

export interface Compacted { readonly before: number; readonly after: number }

/** Versions of the schema; equal where there is nothing to do. */
export interface Migration { readonly from: number; readonly to: number }

/** How many of each sort. */
export type Tallies = Readonly<Record<'policy' | 'run' | 'capture' | 'object', number>>;
export interface TakenIn { readonly added: Tallies; readonly skipped: Tallies }

/** What a file or a store holds is not what it has to be. Its message names the place, never what stands there. */
export class Unsound extends Error {
  override readonly name = 'Unsound';
}

import { readFileSync } from 'node:fs';

/** One line of a corpus: something that could slip out, and what is safe. `expect: "a|b"` takes either. */
export interface Case {
  readonly id: string;
  readonly channel: 'http' | 'smtp' | 'address' | 'phone';
  /** bytes to send (see `encoding`), or for `kind: scenario` a JSON description */
  readonly input: string;
  readonly why: string;
  readonly expect: string;
  readonly kind?: 'scenario';
  readonly encoding?: 'utf8' | 'latin1' | 'base64';
  /** the status or SMTP code, where it is a number */
  readonly code?: number | string;
  /** how many messages may be kept, as a number or in words: '0 or 1' */
  readonly stored?: number | string;
  /** how many messages may be acknowledged */
  readonly acks?: number;
  readonly recipients?: readonly string[];
  readonly routed_to?: string;
  readonly fault?: string;
  readonly config?: string;
  /** what the client does after its bytes */
  readonly then?: string;
  readonly flag?: string;
}

export function casesOf(file: string): readonly Case[] {
  return readFileSync(new URL(`../fixtures/corpus/${file}`, import.meta.url), 'utf8')
    .split('\n').filter(Boolean).map((line) => JSON.parse(line) as Case);
}

/** A case that must not be refused. */
export function isControl({ expect }: Case): boolean {
  return ['safe', 'capture', 'intercept'].includes(expect);
}

import { decode, encode } from 'dns-packet';
import type { Answer as Wire, Packet, RecordType } from 'dns-packet';

/** One question of a stub resolver (RFC 1035 §4.1.2), class IN. */
export interface Question {
  readonly id: number;
  /** as asked, case kept (resolvers check it), without the trailing dot; '.' for the root */
  readonly name: string;
  /** 'A', 'AAAA', 'MX' ...; 'UNKNOWN_65' for a type the library has no name for */
  readonly type: string;
  readonly recursion: boolean;
}

export type ResponseCode = 'NOERROR' | 'SERVFAIL' | 'NXDOMAIN' | 'NOTIMP' | 'REFUSED';

export type DnsRecord =
  | { readonly type: 'A' | 'AAAA' | 'CNAME' | 'PTR'; readonly ttl: number; readonly data: string }
  | { readonly type: 'SRV'; readonly ttl: number; readonly data: { readonly port: number; readonly target: string; readonly priority: number; readonly weight: number } };

export interface Answer {
  readonly code: ResponseCode;
  readonly records: readonly DnsRecord[];
}

export type Parsed =
  | { readonly kind: 'question'; readonly question: Question }
  /** well-formed, and nothing we do: another opcode or class, ANY, a zone transfer */
  | { readonly kind: 'declined'; readonly question: Question; readonly code: ResponseCode }
  /** not a query that deserves an answer: nothing is sent, so that nobody's address can be flooded with our errors */
  | { readonly kind: 'malformed'; readonly why: string };

/** An answer by UDP is never larger (RFC 1035 §4.2.1): longer ones are asked for again by TCP, from an address that is real. */
export const mostUdpBytes = 512;
/** a question with every option in use is far below */
export const mostQueryBytes = 1_232;

const numbers: Readonly<Record<ResponseCode, number>> = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 };
const recursionDesired = 0x0100;
const recursionAvailable = 0x0080;
const truncated = 0x0200;
/** RFC 8482 (ANY) and zone transfers: large answers to small questions */
const large: readonly string[] = ['ANY', 'AXFR', 'IXFR', 'MAILA', 'MAILB'];

/** Reads a query strictly: one question, no answers, nothing behind it. Never throws. */
export function parseQuery(bytes: Buffer): Parsed {
  if (bytes.length < 12 || bytes.length > mostQueryBytes) return malformed(`${bytes.length} bytes are no query`);
  const flags = bytes.readUInt16BE(2);
  if ((flags & 0x8000) !== 0) return malformed('it is a response');
  const [questions, answers, authorities, additionals] = [4, 6, 8, 10].map((at) => bytes.readUInt16BE(at));
  if (questions !== 1 || answers !== 0 || authorities !== 0 || additionals! > 2) return malformed('a query has one question and no answers');
  let packet: Packet & { readonly questions?: readonly { readonly name: string; readonly type: string; readonly class?: string }[] };
  try {
    packet = decode(bytes);
  } catch (error) {
    return malformed(error instanceof Error ? error.message : String(error));
  }
  const asked = packet.questions?.[0];
  if (asked === undefined || decode.bytes !== bytes.length) return malformed('there are bytes behind the question');
  const question: Question = { id: packet.id ?? 0, name: asked.name, type: asked.type, recursion: (flags & recursionDesired) !== 0 };
  if ((flags & 0x7800) !== 0) return { kind: 'declined', question, code: 'NOTIMP' };
  if (asked.class !== 'IN' || large.includes(asked.type)) return { kind: 'declined', question, code: 'REFUSED' };
  return { kind: 'question', question };
}

/** The reply to a question. `most`: where it would be longer it is empty and says so (TC). */
export function reply({ id, name, type, recursion }: Question, { code, records }: Answer, most: number): Buffer {
  const flags = recursionAvailable | (recursion ? recursionDesired : 0) | numbers[code];
  const questions = [{ name, type: type as RecordType, class: 'IN' as const }];
  const answers = records.map((record): Wire => ({ name, class: 'IN', ...record }));
  const whole = encode({ type: 'response', id, flags, questions, answers });
  return whole.length <= most ? whole : encode({ type: 'response', id, flags: flags | truncated, questions });
}

function malformed(why: string): Parsed {
  return { kind: 'malformed', why };
}

import { isIPv6 } from 'node:net';
import type { Answer, DnsRecord, Question } from './message.ts';
import type { AskedTable, Came } from './asked.ts';
import { passes } from './pass-list.ts';
import type { Responder } from './server.ts';
import type { Upstream } from './upstream.ts';

/** Seconds a client may keep our answer: short, so that a new address of the gateway is soon known. */
const ttl = 30;
const empty: Answer = { code: 'NOERROR', records: [] };

/**
 * Answers every name with the gateway's address, so that whoever looks a vendor up comes here. A name of the pass list is
 * asked upstream; any other name is never told to anybody, so a name cannot carry data out. MX, SRV, HTTPS and the like
 * are empty: mail then goes to the name's address (RFC 5321 §5.1), which is the gateway's, and nobody is told of HTTP/3.
 * @param options.claimed a provider's host: answered with our address even where the pass list names it
 */
export function createResponder({ addresses, pass, claimed, upstream, asked }: {
  readonly addresses: readonly string[];
  readonly pass: readonly string[];
  readonly claimed: (host: string) => boolean;
  readonly upstream: Upstream;
  readonly asked: AskedTable;
}): Responder {
  const ours = (type: 'A' | 'AAAA'): readonly DnsRecord[] =>
    addresses.filter((address) => isIPv6(address) === (type === 'AAAA')).map((data) => ({ type, ttl, data }));

  async function judge({ type }: Question, host: string | null): Promise<{ readonly came: Came; readonly answer: Answer }> {
    if (host === null) return { came: 'refused', answer: { code: 'REFUSED', records: [] } };
    if (!claimed(host) && passes(pass, host)) return { came: 'upstream', answer: await upstream(host, type) };
    const records = type === 'A' || type === 'AAAA' ? ours(type) : [];
    return records.length === 0 ? { came: 'empty', answer: empty } : { came: 'gateway', answer: { code: 'NOERROR', records } };
  }

  return async (question, from) => {
    const host = hostOf(question.name);
    const { came, answer } = await judge(question, host);
    asked.note({ name: question.name.toLowerCase().slice(0, 255), type: question.type, from, came });
    return answer;
  };
}

/** Letters, digits, hyphens; underscores too, as in `_sip._tcp`. Null: no name that a resolver library would ask for. */
export function hostOf(name: string): string | null {
  const host = name.toLowerCase();
  return host.length <= 253 && host.split('.').every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label)) ? host : null;
}

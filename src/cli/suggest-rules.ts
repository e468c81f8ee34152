import type { CaptureSummary } from '../model/capture.ts';
import { parseHost } from '../model/host.ts';

/** What is known of one host that nobody claims: how often it was called, by whom, and when. */
export interface CalledHost {
  readonly host: string;
  readonly calls: number;
  readonly services: readonly string[];
  /** RFC 3339; null where a survey does not say */
  readonly first: string | null;
  readonly last: string | null;
}

/** Refused calls to hosts of nobody, by host, the most called first. */
export function refusedHosts(captures: readonly (Pick<CaptureSummary, 'at' | 'service' | 'provider' | 'action'> & { readonly host: string | null })[]): readonly CalledHost[] {
  const refused = captures.filter(({ provider, action, host }) => provider === 'unknown' && action === 'reject' && host !== null);
  return merged(refused.map(({ host, service, at }) => ({ host: host!, calls: 1, services: [service], first: at, last: at })));
}

/**
 * A survey: what `fourthwall survey` printed (JSON lines; names of known providers need no rule and are left out), or lines of
 * a host, then perhaps a number of calls, then perhaps who. Empty lines and `#` are passed over.
 */
export function surveyedHosts(text: string): { readonly hosts: readonly CalledHost[] } | { readonly problem: string } {
  const hosts: CalledHost[] = [];
  const printed = text.includes('"what":"total"') ? 'total' : 'asked';
  for (const [index, line] of text.split('\n').entries()) {
    if (line.startsWith('{')) {
      const row = surveyRow(line);
      if (row === null) return { problem: `line ${index + 1}: expected a row as fourthwall survey prints it, found ${JSON.stringify(line.slice(0, 80))}` };
      if (row.what === printed && row.provider === null) hosts.push(row);
      continue;
    }
    const [word = '', count = '1', service] = line.replace(/#.*$/, '').trim().split(/[\s,;]+/);
    if (word === '') continue;
    const parsed = parseHost(word);
    if (parsed.kind === 'invalid' || !/^[1-9]\d{0,8}$/.test(count)) return { problem: `line ${index + 1}: expected 'host [calls] [service]', found ${JSON.stringify(line.trim())}` };
    hosts.push({ host: parsed.host, calls: Number(count), services: service === undefined ? [] : [service], first: null, last: null });
  }
  return { hosts: merged(hosts) };
}

/** `{ what, name, type, from, provider, count, first, last }` of src/dns/asked.ts; times RFC 3339. */
function surveyRow(line: string): (CalledHost & { readonly what: string; readonly provider: string | null }) | null {
  try {
    const row = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const parsed = parseHost(typeof row['name'] === 'string' ? row['name'] : '');
    const { what, from, provider = null, count, first, last } = row;
    if (parsed.kind === 'invalid' || typeof what !== 'string' || typeof count !== 'number' || !(provider === null || typeof provider === 'string')) return null;
    return { what, provider, host: parsed.host, calls: count, services: typeof from === 'string' ? [from] : [], first: timeOf(first), last: timeOf(last) };
  } catch {
    return null; // no JSON: said to the user as a line that is no row
  }
}

function timeOf(value: unknown): string | null {
  const time = typeof value === 'number' || typeof value === 'string' ? new Date(value) : null;
  return time === null || Number.isNaN(time.getTime()) ? null : time.toISOString();
}

export function merged(hosts: readonly CalledHost[]): readonly CalledHost[] {
  return [...Map.groupBy(hosts, ({ host }) => host)].map(([host, of]): CalledHost => {
    const times = of.flatMap(({ first, last }) => [first, last]).filter((time) => time !== null).toSorted();
    return { host, calls: of.reduce((sum, { calls }) => sum + calls, 0), services: [...new Set(of.flatMap(({ services }) => services))].toSorted(), first: times[0] ?? null, last: times.at(-1) ?? null };
  }).toSorted((a, b) => b.calls - a.calls || a.host.localeCompare(b.host));
}

/**
 * Rules to review, as YAML that loads. Each refuses, as is done already: that somebody asked for a host is no reason to let
 * it out. What else could be decided stands in the comment above it.
 */
export function suggestedRules(hosts: readonly CalledHost[]): string {
  if (hosts.length === 0) return '# nothing to suggest: no call to a host that nobody claims was refused\n';
  const rules = hosts.map(({ host, calls, services, first, last }) => [
    `  # else: { capture: { reply: { status: 200, headers: {}, body: "" } } } answers it here; { forward: {} } lets it out; { forward: { internal: true } } with an entry under internal, if it is ours`,
    `  - id: ${idOf(host)}`,
    `    when: { host: ${JSON.stringify(host)} }`,
    '    then: reject',
    `    because: ${JSON.stringify(sentence({ host, calls, services, first, last }))}`,
  ].join('\n'));
  return `# Rules to review, for config/policy.yaml. As they stand they change nothing but the name of the refusal.\nrules:\n${rules.join('\n')}\n`;
}

function sentence({ calls, services, first, last }: CalledHost): string {
  const who = services.length === 0 ? '' : ` by ${services.length > 5 ? `${services.slice(0, 5).join(', ')} and ${services.length - 5} more` : services.join(', ')}`;
  const when = first === null || last === null ? '' : first.slice(0, 10) === last.slice(0, 10) ? ` on ${first.slice(0, 10)}` : ` between ${first.slice(0, 10)} and ${last.slice(0, 10)}`;
  return `asked for ${calls === 1 ? 'once' : `${calls} times`}${who}${when}, and nobody has said yet that it may be reached`;
}

function idOf(host: string): string {
  return `host-${host.replace(/[^a-z0-9.-]/g, '-')}`.slice(0, 100);
}

import type { HttpProvider, MailProvider } from '../../src/model/provider.ts';

type Provider = HttpProvider | MailProvider;

/** What docs/providers.md says of each provider, from the provider itself. */
export function providersText(providers: readonly Provider[]): string {
  const sorted = providers.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const head = '| provider | channels | tried with | later events | signs its callbacks | forwards rewritten |\n|---|---|---|---|---|---|';
  const rows = sorted.map(({ name, channels, about, events = [], sign, rewrite }) => `| [${name}](#${name}) | ${channels.join(', ') || 'none'} | ${tried(about.verified)} | ${events.length || '–'} | ${yes(sign)} | ${yes(rewrite)} |`);
  return [head, ...rows, ...sorted.map(section)].join('\n');
}

function section(provider: Provider): string {
  const { name, about, events = [] } = provider;
  const hosts = 'hosts' in provider ? hostsText(provider.hosts) : 'the SMTP ports, whatever server is named';
  return ['', `### ${name}`, `- how far: ${about.fidelity.replace(/\.?$/, '')}`, `- hosts: ${hosts}`, `- operations: ${about.operations.map((each) => `\`${each}\``).join(', ')}`,
    ...events.length === 0 ? [] : [`- events: ${events.map((each) => `\`${each}\``).join(', ')}`]].join('\n');
}

function tried(verified: Provider['about']['verified']): string {
  return verified === null ? 'no library here' : `${verified.sdk} ${verified.version}`;
}

const yes = (what: unknown): string => (what === undefined ? '–' : 'yes');

/** Twilio has a hundred: those behind the first dozen are counted. */
function hostsText(hosts: HttpProvider['hosts']): string {
  const named = hosts.map(({ host, ports = [] }) => `\`${host}\`${ports.length === 0 ? '' : ` (also port ${ports.join(', ')})`}`);
  return named.length <= 16 ? named.join(', ') : `${named.slice(0, 12).join(', ')} and ${named.length - 12} more (\`GET /api/providers\`)`;
}

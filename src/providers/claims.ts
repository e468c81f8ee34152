import type { HttpProvider, ProviderHost } from '../model/provider.ts';

export interface Claim {
  readonly provider: HttpProvider;
  readonly host: string;
  /** every port on which the host is the provider's */
  readonly ports: readonly number[];
}

/** Who answers for which host. Asked by ingress and the gateway for every call. */
export interface Claims {
  /** host as in Authority: lower-case, no trailing dot. Null: nobody claims it on this port. */
  claim(host: string, port: number): HttpProvider | null;
  /** whose host this is, on whatever port, claimed or not: every host under a vendor's domain is the vendor's. Null: nobody's */
  owner(host: string): HttpProvider | null;
  readonly all: readonly Claim[];
}

const everywhere = [80, 443];
/** Names of at least two labels below any `*`, so that no wildcard stands for somebody's whole domain. */
const namePattern = /^(?:(?:\*|[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)\.)*(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)[a-z0-9-]*[a-z][a-z0-9-]*$/;

/** Throws (at start) when a host is malformed, or when two providers, or one twice, could claim the same host. */
export function createClaims(providers: readonly HttpProvider[]): Claims {
  const all = providers.flatMap((provider) => provider.hosts.map((host) => claimOf(provider, host)));
  for (const [index, one] of all.entries()) {
    const other = all.slice(0, index).find((earlier) => overlap(earlier, one));
    if (other !== undefined) {
      throw new Error(`providers ${other.provider.name} and ${one.provider.name} both claim ${one.host} (by ${other.host}); a host belongs to one provider, once`);
    }
  }
  const exact = new Map(all.filter(({ host }) => !host.includes('*')).map((one) => [one.host, one]));
  const wild = all.filter(({ host }) => host.includes('*'));
  const find = (host: string): Claim | undefined => exact.get(host) ?? wild.find((one) => covers(one.host, host));
  const domains = domainsOf(all);
  return {
    all,
    owner: (host) => find(host)?.provider ?? within(domains, host),
    claim(host, port) {
      const found = find(host);
      return found !== undefined && found.ports.includes(port) ? found.provider : null;
    },
  };
}

function claimOf(provider: HttpProvider, { host, ports = [] }: ProviderHost): Claim {
  if (!namePattern.test(host)) throw new Error(`provider ${provider.name} claims '${host}'; a host is a lower-case name such as api.example.com, *.example.com or api.*.example.com`);
  return { provider, host, ports: [...everywhere, ...ports] };
}

/**
 * Suffixes under which everybody registers, beyond the last label: an own name has one label more. Our providers' hosts need
 * no more of the public suffix list; one that is missing here makes a vendor's domain too wide, never too narrow.
 */
const shortSuffixes = /^(?:(?:co|com|net|org|gov|edu|ac)\.[a-z]{2})$/;
/** Clouds whose hosts belong to all their tenants: there a vendor's is what it claims (less a `*` in front), and what stands below that. */
const sharedClouds = ['apple.com', 'amazonaws.com', 'amazonaws.com.cn', 'amazonaws.eu', 'api.aws', 'api.amazonwebservices.com.cn', 'api.amazonwebservices.eu', 'googleapis.com', 'azure.com', 'powerplatform.com', 'azurewebsites.net', 'windows.net', 'cloudfront.net', 'herokuapp.com', 'run.app', 'appspot.com', 'workers.dev'];

/** The vendors' own domains. Where several providers share one, it is the one's with most hosts in it. */
function domainsOf(all: readonly Claim[]): ReadonlyMap<string, HttpProvider> {
  const claimed = Map.groupBy(all, ({ host }) => domainOf(host.replace(/^\*\./, '')));
  return new Map([...claimed].map(([domain, claims]) => {
    const [most] = [...Map.groupBy(claims, ({ provider }) => provider)].sort(([, one], [, other]) => other.length - one.length);
    return [domain, most![0]];
  }));
}

/** 'uploads.stripe.com' to 'stripe.com' */
function domainOf(host: string): string {
  if (sharedClouds.some((cloud) => host.endsWith(`.${cloud}`))) return host;
  const labels = host.split('.');
  return labels.slice(shortSuffixes.test(labels.slice(-2).join('.')) ? -3 : -2).join('.');
}

function within(domains: ReadonlyMap<string, HttpProvider>, host: string): HttpProvider | null {
  const labels = host.split('.');
  const names = labels.map((_label, from) => labels.slice(from).join('.'));
  return names.map((name) => domains.get(name)).find((provider) => provider !== undefined)
    ?? [...domains].find(([domain]) => domain.includes('*') && names.some((name) => covers(domain, name)))?.[1] ?? null;
}

/** A provider may name one host of its own wildcard apart (for its ports); then the exact name wins. */
function overlap(a: Claim, b: Claim): boolean {
  if (a.host === b.host) return true;
  return a.provider !== b.provider && covers(a.host, b.host);
}

/** Whether some host could have both names. Each `*` stands for exactly one label, whatever it is. */
function covers(pattern: string, host: string): boolean {
  const [wanted, given] = [pattern.split('.'), host.split('.')];
  return wanted.length === given.length && wanted.every((label, at) => label === '*' || given[at] === '*' || (label === given[at]));
}

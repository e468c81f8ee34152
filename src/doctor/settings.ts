import type { Finding, GatewayFacts } from './finding.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const runIt = 'start the service by `fourthwall run -- CMD`, or give it what `fourthwall env` prints';
const proxies = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'] as const;
const bundles = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'AWS_CA_BUNDLE'] as const;

/** What the environment says about proxies. `hosts`: providers' hosts that must not be on the list of exceptions. */
export function proxySettings(env: Environment, gateway: GatewayFacts, hosts: readonly string[]): readonly Finding[] {
  const finding = (subject: string, state: Finding['state'], what: string, remedy: string | null = null): Finding => ({ check: 'settings', subject, state, what, remedy });
  const set = proxies.flatMap((name) => (env[name] ? [[name, env[name]] as const] : []));
  const found = set.length === 0
    ? [finding('HTTPS_PROXY', 'unknown', 'no proxy is set: right where DNS and the network lead to the gateway, otherwise calls go their own way', runIt)]
    : set.map(([name, value]) => {
      const authority = URL.parse(value)?.host ?? null;
      if (authority === null) return finding(name, 'broken', 'is not the address of a proxy', runIt);
      if (gateway.proxy === null) return finding(name, 'unknown', `is ${authority}; the gateway could not be asked whether that is its proxy`);
      return authority === gateway.proxy ? finding(name, 'closed', `is the gateway (${authority})`) : finding(name, 'open', `is ${authority} and not the gateway (${gateway.proxy})`, runIt);
    });
  const exceptions = (env['NO_PROXY'] ?? env['no_proxy'] ?? '').split(',').map((entry) => entry.trim().toLowerCase()).filter((entry) => entry !== '');
  const excepted = exceptions.filter((entry) => entry === '*' || hosts.some((host) => covers(entry, host)));
  return [...found, ...excepted.map((entry) => finding('NO_PROXY', 'open', `excepts ${JSON.stringify(entry)}, so calls to a provider leave out the proxy`, 'take that entry out of NO_PROXY'))];
}

/** Every variable that names certificates must name a file that holds all of ours. `files`: the content by path, null where unreadable. */
export function caSettings(env: Environment, gateway: GatewayFacts, files: ReadonlyMap<string, string | null>): readonly Finding[] {
  if (gateway.ca === null) return [{ check: 'ca', subject: 'the certificate', state: 'unknown', what: "the gateway's certificate could not be had", remedy: 'give --ca FILE or FOURTHWALL_URL' }];
  const wanted = certificates(gateway.ca);
  const set = bundles.flatMap((name) => (env[name] ? [[name, env[name]] as const] : []));
  if (set.length === 0) return [{ check: 'ca', subject: 'NODE_EXTRA_CA_CERTS', state: 'unknown', what: 'no variable names a certificate file: right where the system store holds ours', remedy: 'fourthwall ca export --format install-hint' }];
  return set.map(([name, path]) => {
    const held = certificates(files.get(path) ?? '');
    const missing = wanted.filter((certificate) => !held.includes(certificate));
    return missing.length === 0
      ? { check: 'ca', subject: name, state: 'closed', what: `${path} holds the gateway's certificate`, remedy: null }
      : { check: 'ca', subject: name, state: 'broken', what: `${path} ${files.get(path) === null ? 'cannot be read' : "does not hold the gateway's certificate"}`, remedy: 'fourthwall ca export --format bundle --out FILE, and restart the service' };
  });
}

/** The files `caSettings` needs. */
export function certificateFiles(env: Environment): readonly string[] {
  return [...new Set(bundles.flatMap((name) => env[name] || []))];
}

function certificates(pem: string): readonly string[] {
  return [...pem.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g)].map(([, body = '']) => body.replace(/\s/g, ''));
}

/** `.stripe.com`, `*.stripe.com` and `stripe.com` all except api.stripe.com in one client or another. */
function covers(entry: string, host: string): boolean {
  const name = entry.replace(/^\*?\./, '').replace(/:\d+$/, '');
  return host === name || host.endsWith(`.${name}`);
}

import type { ReadyPorts } from './dependencies.ts';

export interface ConnectionInput {
  /** host by which services reach the ingress listeners */
  readonly host: string;
  readonly ports: Pick<ReadyPorts, 'http' | 'smtp'>;
  readonly controlUrl: string;
  readonly space: string | null;
  readonly service: string;
  readonly run: string | null;
  readonly caFiles: { readonly ca: string; readonly bundle: string } | null;
}

export interface Connection {
  /** null when the HTTP ingress is not open */
  readonly proxyUrl: string | null;
  /** `[space/]service[+run]` */
  readonly smtpUser: string;
  /** variables that point a service's runtime at the gateway */
  readonly env: Readonly<Record<string, string>>;
}

/** What a service has to be told so that its calls come here, in this run. interface.md, "Ways in". */
export function connection({ host, ports, controlUrl, space, service, run, caFiles }: ConnectionInput): Connection {
  const smtpUser = `${space === null ? '' : `${space}/`}${service}${run === null ? '' : `+${run}`}`;
  const name = host.includes(':') ? `[${host}]` : host;
  const proxyUrl = ports.http === null ? null : `http://${encodeURIComponent(smtpUser).replaceAll('%2B', '+')}@${name}:${ports.http}`;
  const env: Record<string, string> = { FOURTHWALL_URL: controlUrl };
  if (run !== null) env['FOURTHWALL_RUN'] = run;
  if (proxyUrl !== null) {
    // Both spellings: curl and Python read the lower one for http, most others the upper one. NODE_USE_ENV_PROXY: Node 24's fetch and http.
    for (const variable of ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy']) env[variable] = proxyUrl;
    env['NODE_USE_ENV_PROXY'] = '1';
    env['NO_PROXY'] = '';
    env['no_proxy'] = '';
  }
  if (caFiles !== null) {
    // NODE_EXTRA_CA_CERTS adds to the roots; the others replace them, so they need the bundle.
    env['NODE_EXTRA_CA_CERTS'] = caFiles.ca;
    for (const variable of ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'AWS_CA_BUNDLE']) env[variable] = caFiles.bundle;
  }
  if (ports.smtp !== null) Object.assign(env, { SMTP_HOST: host, SMTP_PORT: String(ports.smtp), SMTP_USER: smtpUser });
  return { proxyUrl, smtpUser, env };
}

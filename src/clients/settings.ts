/** How a service reaches the gateway, and as whom. */
export interface WayIn {
  /** `http://[space%2F]service[+run]:token@host:port`; null when the HTTP ingress is not open */
  readonly proxyUrl: string | null;
  /** 'host:port' of the SMTP listeners; null = not open */
  readonly smtp: string | null;
  readonly smtps: string | null;
  /** `[space/]service[+run]` */
  readonly smtpUser: string;
  readonly controlUrl: string;
  readonly run: string | null;
}

/** Paths as the service sees them. */
export interface ClientFiles {
  /** the gateway's certificate: for variables that add to the roots */
  readonly ca: string;
  /** the public roots and the gateway's: for variables that replace the roots */
  readonly bundle: string;
  /** src/clients/preload.cjs; null = not there, so Node's own proxy support has to do */
  readonly preload: string | null;
  /** PKCS #12 with the public roots and the gateway's certificate, password 'changeit': for the JVM; null = not there */
  readonly trustStore: string | null;
}

/** Variables that are kept and added to, not replaced. */
export type Inherited = Readonly<Record<string, string | undefined>>;

/** Variables that replace a runtime's roots. Source of each name: docs/clients.md. */
const bundleVariables = [
  'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'AWS_CA_BUNDLE', 'PIP_CERT', 'HTTPLIB2_CA_CERTS', 'GIT_SSL_CAINFO', 'CARGO_HTTP_CAINFO', 'DENO_CERT',
  'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH', 'CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE', 'PERL_LWP_SSL_CA_FILE', 'TWILIO_CA_BUNDLE',
] as const;

/** Both spellings: curl and Python read the lower one for http, most others the upper one. ALL_PROXY: curl's other protocols, smtp:// too. */
const proxyVariables = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'GRPC_PROXY'] as const;

const loopback = ['localhost', '127.0.0.1', '::1'] as const;

/**
 * The variables that point a service, whatever its runtime, at the gateway. Pure.
 * @param options.bypass hosts of our own that are reached directly: names, '*.suffix', addresses, networks
 * @param options.inherited environment that the service would have had: NODE_OPTIONS and JAVA_TOOL_OPTIONS are added to. NO_PROXY is
 * replaced: what it listed would be reached past the gateway without anybody having said so to us.
 */
export function clientSettings({ way, files, bypass = [], inherited = {} }: {
  readonly way: WayIn; readonly files: ClientFiles | null; readonly bypass?: readonly string[]; readonly inherited?: Inherited;
}): Readonly<Record<string, string>> {
  return {
    FOURTHWALL_URL: way.controlUrl,
    ...way.run === null ? {} : { FOURTHWALL_RUN: way.run },
    ...way.proxyUrl === null ? {} : proxySettings(way.proxyUrl, way.controlUrl, bypass),
    ...files === null ? {} : fileSettings(files, inherited, way.proxyUrl !== null),
    ...way.proxyUrl === null ? {} : { JAVA_TOOL_OPTIONS: javaOptions(way.proxyUrl, files?.trustStore ?? null, bypass, inherited['JAVA_TOOL_OPTIONS']) },
    ...mailSettings(way),
  };
}

function proxySettings(proxyUrl: string, controlUrl: string, bypass: readonly string[]): Record<string, string> {
  const control = new URL(controlUrl).hostname.replace(/^\[|\]$/g, '');
  // '.suffix' is what Go, Python, curl and .NET have in common; '*.suffix' only some of them.
  const direct = [...new Set([...loopback, control, ...bypass.map((one) => one.replace(/^\*(?=\.)/, ''))])].join(',');
  return {
    ...Object.fromEntries(proxyVariables.flatMap((name) => [[name, proxyUrl], [name.toLowerCase(), proxyUrl]])),
    NO_PROXY: direct,
    no_proxy: direct,
    // Node 22.21 and later: fetch and http(s). The preload does more; this holds where NODE_OPTIONS is overwritten.
    NODE_USE_ENV_PROXY: '1',
    FOURTHWALL_PROXY: proxyUrl,
    ...bypass.length === 0 ? {} : { FOURTHWALL_BYPASS: bypass.join(',') },
  };
}

/** The JVM reads no proxy variable. Of options that are given twice it takes the last. A path with blanks stands in single quotes. */
function javaOptions(proxyUrl: string, trustStore: string | null, bypass: readonly string[], inherited: string | undefined): string {
  const { hostname, port } = new URL(proxyUrl);
  const host = hostname.replace(/^\[|\]$/g, '');
  return joined(inherited, ...['http', 'https'].flatMap((scheme) => [`-D${scheme}.proxyHost=${host}`, `-D${scheme}.proxyPort=${port}`]),
    `-Dhttp.nonProxyHosts=${['localhost', '127.*', '[::1]', ...bypass].join('|')}`,
    ...trustStore === null ? [] : [/[\s"]/.test(trustStore) ? `'-Djavax.net.ssl.trustStore=${trustStore}'` : `-Djavax.net.ssl.trustStore=${trustStore}`, '-Djavax.net.ssl.trustStorePassword=changeit']);
}

function fileSettings({ ca, bundle, preload }: ClientFiles, inherited: Inherited, proxied: boolean): Record<string, string> {
  return {
    NODE_EXTRA_CA_CERTS: ca,
    FOURTHWALL_CA: ca,
    ...Object.fromEntries(bundleVariables.map((name) => [name, bundle])),
    ...preload === null || !proxied ? {} : { NODE_OPTIONS: withPreload(inherited['NODE_OPTIONS'], preload) },
  };
}

/** Node reads NODE_OPTIONS with double quotes and backslashes in them. Ours comes first, so that nothing dials before it. */
function withPreload(options: string | undefined, preload: string): string {
  const ours = `--require ${/^[\w./:@-]+$/.test(preload) ? preload : `"${preload.replace(/["\\]/g, String.raw`\$&`)}"`}`;
  return options?.includes(ours) === true ? options : joined(ours, options);
}

/** A convenience: names that many applications read for their mail server. */
function mailSettings({ smtp, smtps, smtpUser }: WayIn): Record<string, string> {
  const [, host, port] = /^(.*):(\d+)$/.exec(smtp ?? '') ?? [];
  return {
    ...smtp === null ? {} : { FOURTHWALL_SMTP: smtp },
    ...smtps === null ? {} : { FOURTHWALL_SMTPS: smtps },
    ...host === undefined || port === undefined ? {}
      : { SMTP_HOST: host.replace(/^\[|\]$/g, ''), SMTP_PORT: port, SMTP_USER: smtpUser, SMTP_USERNAME: smtpUser, SMTP_PASS: 'token', SMTP_PASSWORD: 'token' },
  };
}

function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' ');
}

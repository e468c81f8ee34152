import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { Command } from 'commander';
import { tryCanaries } from '../../doctor/canary.ts';
import type { Finding, GatewayFacts } from '../../doctor/finding.ts';
import { tryNames } from '../../doctor/names.ts';
import { caSettings, certificateFiles, proxySettings } from '../../doctor/settings.ts';
import { tryTcp } from '../../doctor/tcp.ts';
import type { Endpoint } from '../../doctor/tcp.ts';
import { httpProviders } from '../../providers/index.ts';
import { exitCode, UsageError } from '../io.ts';
import { clientOf, number, withUrl } from '../options.ts';
import type { Cli } from '../run.ts';
import { withoutKeys } from '../without-keys.ts';

interface Options {
  readonly url?: string; readonly ca?: string; readonly gateway?: readonly string[]; readonly tcp?: readonly string[]; readonly resolver?: readonly string[];
  readonly zone: string; readonly canary?: readonly string[]; readonly timeout: number; readonly json?: boolean;
}

const several = (value: string, before: readonly string[] | undefined): readonly string[] => [...before ?? [], value];
/** Nothing is ever sent to these but a TLS hello, or nothing at all. */
const defaultTcp: readonly string[] = ['api.stripe.com:443', 'api.twilio.com:443', 'smtp.sendgrid.net:25', 'smtp.sendgrid.net:465', 'smtp.sendgrid.net:587'];
/** the resolver of this machine, and two that anybody may ask */
const defaultResolvers: readonly string[] = ['system', '9.9.9.9', '1.1.1.1'];
/** answers 401 to everybody who comes without a key */
const defaultCanary = 'https://api.stripe.com/v1/balance';

/** `fourthwall doctor`: run where the service runs. Exit 0 when no way round was found, 1 when one was. */
export function doctorCommand(program: Command, cli: Cli): void {
  withUrl(program.command('doctor'))
    .description('tries each way out from where it runs and says which would bypass the gateway; exit 0 none, 1 some')
    .option('--json', 'the findings as JSON')
    .option('--ca <file>', "the gateway's certificate, where its control address cannot be reached")
    .option('--gateway <address>', 'an address of the gateway; several [those of its control and proxy host]', several)
    .option('--tcp <host:port>', `dial this directly; several [${defaultTcp.join(' ')}]`, several)
    .option('--resolver <address>', `ask this resolver; several, system = the one this machine is set to [${defaultResolvers.join(' ')}]`, several)
    .option('--zone <name>', 'a made-up name in this zone is looked up', 'example.com')
    .option('--canary <url>', `call this as services do; several [${defaultCanary}]`, several)
    .option('--timeout <ms>', 'for each attempt', number('--timeout', 1), 3_000)
    .action(async (options: Options) => {
      const gateway = await gatewayFacts(cli, options);
      const { timeout } = options;
      const targets = (options.tcp ?? defaultTcp).map(endpointOf);
      const files = new Map(await Promise.all(certificateFiles(cli.env).map(async (path) => [path, await readFile(path, 'latin1').catch(() => null)] as const)));
      const findings: readonly Finding[] = [
        ...await Promise.all(targets.map((endpoint) => tryTcp(endpoint, gateway, timeout))),
        ...await Promise.all((options.resolver ?? defaultResolvers).map((server) => tryNames({ servers: resolverOf(server), zone: options.zone, gateway, timeout }))),
        ...proxySettings(cli.env, gateway, httpProviders.flatMap(({ hosts }) => hosts.map(({ host }) => host.replaceAll('*', 'any')))),
        ...caSettings(cli.env, gateway, files),
        ...(await Promise.all((options.canary ?? [defaultCanary]).map((url) => tryCanaries(canaryOf(url), withoutKeys(cli.env), timeout)))).flat(),
      ];
      const open = findings.filter(({ state }) => state === 'open');
      if (options.json === true) cli.stdout.write(`${JSON.stringify({ bypassed: open.length > 0, findings }, null, 2)}\n`);
      else cli.stdout.write(`${findings.map(line).join('\n')}\n${summary(findings)}\n`);
      cli.exit(open.length > 0 ? exitCode.fail : exitCode.pass);
    });
}

function line({ state, check, subject, what, remedy }: Finding): string {
  const mark = { closed: 'ok    ', open: 'BYPASS', broken: 'BROKEN', unknown: '?     ' }[state];
  return `${mark}  ${check.padEnd(8)}  ${subject}: ${what}${remedy === null ? '' : `\n${' '.repeat(18)}-> ${remedy}`}`;
}

function summary(findings: readonly Finding[]): string {
  const count = (state: Finding['state']): number => findings.filter((finding) => finding.state === state).length;
  return count('open') > 0
    ? `${count('open')} ways round the gateway`
    : `no way round the gateway was found (${count('closed')} closed, ${count('broken')} broken, ${count('unknown')} not known)`;
}

/** What can be learnt of the gateway. It may be out of reach from a service's network; then the flags have to tell. */
async function gatewayFacts(cli: Cli, options: Options): Promise<GatewayFacts> {
  const client = clientOf(cli, options);
  const ca = options.ca === undefined ? await client.ca().catch(() => null) : await readFile(options.ca, 'latin1').catch(() => {
    throw new UsageError(`--ca: ${options.ca} cannot be read`);
  });
  const connection = await client.connection().catch(() => null);
  const proxy = URL.parse(connection?.proxyUrl ?? '');
  const named = options.gateway ?? (proxy === null ? [] : [proxy.hostname.replace(/^\[|\]$/g, '')]);
  const addresses = await Promise.all(named.map(async (name) => (isIP(name) === 0 ? (await lookup(name, { all: true }).catch(() => [])).map(({ address }) => address) : [name])));
  return { ca, addresses: addresses.flat(), proxy: proxy === null ? null : proxy.host };
}

function endpointOf(text: string): Endpoint {
  const [, six, name, port] = /^(?:\[([^\]]+)\]|([^:\s]+)):([1-9]\d{0,4})$/.exec(text) ?? [];
  if (port === undefined || Number(port) > 65_535) throw new UsageError(`--tcp: expected host:port, found ${JSON.stringify(text)}`);
  return { host: six ?? name ?? '', port: Number(port) };
}

function resolverOf(text: string): readonly string[] | null {
  if (text === 'system') return null;
  const [, six, four] = /^(?:\[([^\]]+)\]|([^:]+))(?::\d{1,5})?$/.exec(text) ?? [];
  if (isIP(text) === 0 && isIP(six ?? four ?? '') === 0) throw new UsageError(`--resolver: expected system, an address or address:port, found ${JSON.stringify(text)}`);
  return [text];
}

function canaryOf(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) throw new UsageError(`--canary: expected an http or https address, found ${JSON.stringify(text)}`);
  return url.href;
}

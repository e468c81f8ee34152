/**
 * The program: read the configuration, build everything, start, drain, stop. assembly/ alone names concrete parts.
 * Exit codes: 0 after a drain, 2 wrong flags or configuration (every problem at once), 1 anything else.
 */
import { once } from 'node:events';
import { join } from 'node:path';
import { pino } from 'pino';
import { assemble } from './assembly/assemble.ts';
import { answersOf } from './assembly/name-server.ts';
import { openPolicy } from './assembly/policy-in-force.ts';
import type { GatewayFile } from './config/gateway-file.ts';
import { readGatewayFile } from './config/read-gateway-file.ts';
import { optionsHelp, readOptions, type Options } from './config/options.ts';
import { readSeedFolder } from './config/seeds.ts';
import { playDemo } from './demo/play.ts';
import { problemText } from './policy/problem.ts';
import { everyProvider } from './providers/index.ts';

export async function start(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  if (argv.includes('--help')) {
    process.stdout.write(`fourthwall start [flags]\n\n${optionsHelp()}\n`);
    return 0;
  }
  const read = readOptions(argv, env);
  if (read.kind === 'problems') return misconfigured(read.problems);
  const { options } = read;
  // No ${FOURTHWALL_STORE_KEY} in a policy, which is shown.
  delete env['FOURTHWALL_STORE_KEY'];
  const file = await readGatewayFile(options.configDir, env, everyProvider);
  const policy = openPolicy(options.policy === null ? { file: policyFile(options) } : { inline: options.policy }, env);
  const { seeds, problems: seedProblems } = await readSeedFolder(join(options.configDir, 'seeds'), { env, providers: everyProvider });
  if (file.kind === 'problems' || policy.kind === 'problems' || seedProblems.length > 0) {
    return misconfigured([file, policy].flatMap((part) => (part.kind === 'problems' ? part.problems : [])).concat(seedProblems).map(problemText));
  }
  const wrong = dnsProblems(options, file.file);
  if (wrong.length > 0) return misconfigured(wrong);

  const logger = pino({ level: options.logLevel, base: null }, pino.destination({ dest: 2, sync: true }));
  try {
    const house = await assemble({ options, file: file.file, policy: policy.source, logger, env, seeds });
    const ended = Promise.race(['SIGTERM', 'SIGINT'].map(async (signal) => { await once(process, signal); return signal; }));
    // a second signal must not cut the commits of the drain short
    for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => undefined);
    process.stdout.write(`fourthwall ready ${house.listeners.map(({ name, port }) => `${name}=${port}`).join(' ')}\n`);
    logger.info({ page: house.pageUrl }, 'the page is open');
    if (options.demo) void playDemo(house, logger);
    logger.info({ signal: await ended }, 'draining');
    await house.stop();
    return 0;
  } catch (error) {
    logger.fatal({ err: error }, 'the gateway could not start, or could not stop cleanly');
    process.stderr.write(`fourthwall: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  } finally {
    policy.source.close();
  }
}

/** A DNS listener that does not know our address could only send everybody elsewhere. */
function dnsProblems({ ports, host }: Options, { dns }: GatewayFile): readonly string[] {
  return ports.dns === 'off' || answersOf(dns, host).length > 0 ? []
    : [`--dns-port: expected gateway.yaml with dns: { answer: [our address as services see it] }, because --host ${host} is not one; found no dns.answer`];
}

/** The demo brings its own policy, so that it shows the same on every machine. */
function policyFile({ demo, configDir }: Options): string {
  return demo ? join(configDir, 'examples', 'demo-policy.yaml') : join(configDir, 'policy.yaml');
}

function misconfigured(problems: readonly string[]): number {
  for (const problem of problems) process.stderr.write(`fourthwall: ${problem}\n`);
  return 2;
}

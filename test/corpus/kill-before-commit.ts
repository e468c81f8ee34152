/** A gateway that is killed (SIGKILL) when a message is to be committed. Prints its SMTP port when it is ready. */
import { join } from 'node:path';
import { pino } from 'pino';
import { assemble } from '../../src/assembly/assemble.ts';
import { openPolicy } from '../../src/assembly/policy-in-force.ts';
import { defaultGatewayFile } from '../../src/config/gateway-file.ts';
import { readOptions } from '../../src/config/options.ts';
import { corpusPolicy } from './bench.ts';

const [directory = ''] = process.argv.slice(2);
const options = readOptions([...['http', 'tls', 'smtp', 'smtps', 'control', 'preview'].flatMap((name) => [`--${name}-port`, '0']), '--data', join(directory, 'data')], {});
const policy = openPolicy({ inline: corpusPolicy({ sandbox: false }) }, {});
if (options.kind === 'problems' || policy.kind === 'problems') throw new Error('the gateway to be killed is misconfigured');

const house = await assemble({
  options: options.options, file: defaultGatewayFile, policy: policy.source, logger: pino({ level: 'silent' }), env: {},
  storage: (store) => ({
    ...store,
    record() {
      process.kill(process.pid, 'SIGKILL');
      return new Promise(() => {});
    },
  }),
});
process.stdout.write(`${house.listeners.find(({ name }) => name === 'smtp')!.port}\n`);

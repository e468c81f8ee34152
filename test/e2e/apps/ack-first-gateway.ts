/**
 * The control of the crash test: a gateway with one fault. It acknowledges a capture 20 ms before it hands it to the
 * store, so a kill must lose something. Prints { smtp, http, control } when it is ready.
 */
import { join } from 'node:path';
import { pino } from 'pino';
import { assemble } from '../../../src/assembly/assemble.ts';
import { openPolicy } from '../../../src/assembly/policy-in-force.ts';
import { defaultGatewayFile } from '../../../src/config/gateway-file.ts';
import { readOptions } from '../../../src/config/options.ts';
import { capturePolicy } from '../../support/gateway.ts';

const [directory = '', ...more] = process.argv.slice(2);
const options = readOptions([...['http', 'tls', 'smtp', 'smtps', 'control', 'preview'].flatMap((name) => [`--${name}-port`, '0']), '--data', join(directory, 'data'), ...more], {});
const policy = openPolicy({ inline: capturePolicy }, {});
if (options.kind === 'problems' || policy.kind === 'problems') throw new Error('the control is misconfigured');

const house = await assemble({
  options: options.options, file: defaultGatewayFile, policy: policy.source, logger: pino({ level: 'silent' }), env: {},
  storage: (store) => ({
    ...store,
    record(recording) {
      setTimeout(() => { store.record(recording).catch(() => undefined); }, 20);
      return Promise.resolve({ seq: 0 });
    },
  }),
});
const port = (name: string): number => house.listeners.find((listener) => listener.name === name)!.port;
process.stdout.write(`${JSON.stringify({ smtp: port('smtp'), http: port('http'), control: port('control') })}\n`);

import type { HttpResponse } from '../../model/exchange.ts';
import { header, headerAll } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { basicAuthorization } from '../wire/basic-authorization.ts';
import { basic } from '../wire/credential.ts';
import { asObject, asString, field, parseJson } from '../wire/json.ts';
import { asksForAnotherMethod } from '../wire/method-override.ts';
import { errorReply } from './error.ts';
import { batchesOf, sparkpostEvents } from './events.ts';
import { matchRead, missing, readOperations } from './reads.ts';
import { simulateTransmission } from './simulate.ts';
import { isTransmission, readTransmission } from './transmission.ts';

/** SparkPost (Bird), API v1, of the regions and of Enterprise. https://developers.sparkpost.com/api/ */
export const sparkpost = {
  name: 'sparkpost',
  channels: ['email'],
  about: {
    operations: ['transmissions.create', ...readOperations],
    fidelity: 'transmissions in full, of the template language only plain tags; a stored list counts as one recipient; what is stored at SparkPost cannot be changed, scheduled mail not cancelled',
    verified: { sdk: 'sparkpost', version: '2.1.4', date: '2026-11-21' },
  },
  hosts: [
    { host: 'api.sparkpost.com' }, { host: 'api.eu.sparkpost.com' },
    // Enterprise: a host for each customer
    { host: '*.api.e.sparkpost.com' }, { host: '*.sparkpostelite.com' }, { host: '*.msyscloud.com' },
  ],

  /** The key stands in Authorization bare, or as the user of Basic. */
  account({ headers }) {
    const values = headerAll(headers, 'authorization');
    const key = basic(headers)?.user ?? (values.length === 1 ? values[0]! : null);
    const subaccount = header(headers, 'x-msys-subaccount');
    return key === null || subaccount === null ? key : `${key} ${subaccount}`;
  },

  decode(request): Decoded {
    if (asksForAnotherMethod(request.headers)) return unrecognized('a header asks for another method');
    if (isTransmission(request)) {
      const transmission = readTransmission(request);
      return transmission.kind === 'transmission' ? { kind: 'effects', effects: transmission.mails } : unrecognized(`transmissions: ${transmission.why}`);
    }
    const read = matchRead(request);
    return read === null ? unrecognized(`${request.method} ${request.path.slice(0, 120)} is not simulated`) : { kind: 'read', operation: read.operation, liveness: 'unknown' };
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    if (!isTransmission(request)) return { reply: await matchRead(request)?.answer(context) ?? missing('Resource could not be found') };
    const transmission = readTransmission(request);
    return transmission.kind === 'transmission' ? simulateTransmission(transmission, context) : { reply: errorReply(400, { message: 'invalid data format/type', code: '1300' }) };
  },

  /** SparkPost answers 403 to a key without the permission; code 1100. */
  reject(_request, { rule, reason, capture }) {
    return errorReply(403, { message: `${rule}: ${reason}`, description: `refused by the staging gateway, capture ${capture}`, code: '1100' });
  },

  events: sparkpostEvents,

  async later(event, { request, reply }, context) {
    const transmission = isTransmission(request) ? readTransmission(request) : null;
    const json = parseJson(reply.body);
    const id = json.kind === 'json' ? asString(field(asObject(field(asObject(json.value), 'results')), 'id')) : null;
    return transmission?.kind === 'transmission' && id !== null ? { callbacks: batchesOf(event, transmission, id, context, context.now) } : {};
  },

  sign: basicAuthorization('SparkPost'),
} as const satisfies HttpProvider;

const unrecognized = (why: string): Decoded => ({ kind: 'unrecognized', why: `SparkPost: ${why}` });

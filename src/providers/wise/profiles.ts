import type { JsonRoute } from '../wire/json-api.ts';
import { bearer } from '../wire/credential.ts';
import type { JsonObject } from '../wire/json.ts';
import { rateOf } from './rate.ts';
import { invalid } from './errors.ts';
import { numberFor, operation } from './operation.ts';
import type { Work } from './operation.ts';

/** One of each for a token. Any other id that an application knows of is taken for a business of its own. */
function profilesOf({ call }: Work): readonly JsonObject[] {
  const token = bearer(call.request.headers) ?? '';
  return [profile(numberFor(`personal ${token}`), 'personal'), profile(numberFor(`business ${token}`), 'business')];
}

function profile(id: string, type: 'personal' | 'business'): JsonObject {
  return { id: Number(id), type, details: type === 'personal' ? { firstName: 'Staging', lastName: 'Person', dateOfBirth: '1990-01-01', phoneNumber: null } : { name: 'Staging Ltd', registrationNumber: '12345678', webpage: null } };
}

function second({ id, type, details }: JsonObject): JsonObject {
  return { type: String(type).toUpperCase(), id: id!, publicId: `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`, userId: 1, currentState: 'VISIBLE', fullName: type === 'personal' ? 'Staging Person' : 'Staging Ltd', ...(details as JsonObject) };
}

function one(work: Work): JsonObject {
  const id = work.call.ids[0]!;
  return profilesOf(work).find((each) => String(each['id']) === id) ?? profile(id, 'business');
}

export const profileRoutes: readonly JsonRoute[] = [
  operation({ method: 'GET', path: /^\/v1\/me$/, operation: 'users.me', run: async () => ({ status: 200, body: { id: 1, name: 'Staging Person', email: 'staging@example.com', active: true, details: { firstName: 'Staging', lastName: 'Person' } } }) }),
  operation({ method: 'GET', path: /^\/v1\/profiles$/, operation: 'profiles.list.v1', run: async (work) => ({ status: 200, body: profilesOf(work) }) }),
  operation({ method: 'GET', path: /^\/v2\/profiles$/, operation: 'profiles.list', run: async (work) => ({ status: 200, body: profilesOf(work).map(second) }) }),
  operation({ method: 'GET', path: /^\/v1\/profiles\/([0-9]{1,18})$/, operation: 'profiles.get.v1', run: async (work) => ({ status: 200, body: one(work) }) }),
  operation({ method: 'GET', path: /^\/v2\/profiles\/([0-9]{1,18})$/, operation: 'profiles.get', run: async (work) => ({ status: 200, body: second(one(work)) }) }),
  operation({
    method: 'GET', path: /^\/v1\/rates$/, operation: 'rates.list',
    run: async ({ query: { source, target }, now }) => {
      if (source === undefined || target === undefined || !/^[A-Z]{3}$/.test(source) || !/^[A-Z]{3}$/.test(target)) throw invalid('source', 'source and target must be currency codes of three letters');
      return { status: 200, body: [{ rate: rateOf(source, target), source, target, time: `${new Date(now).toISOString().slice(0, 19)}+0000` }] };
    },
  }),
];

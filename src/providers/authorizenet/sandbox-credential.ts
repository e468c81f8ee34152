import { asObject } from '../wire/json.ts';
import type { SandboxWay } from '../wire/sandbox.ts';

/** 'name:transactionKey' of the rule, in the place that every request has for it. The order of keys is the schema's and stays. */
export const merchantAuthentication: SandboxWay['present'] = (credential) => {
  const [, name, transactionKey] = /^([^:]+):(.+)$/.exec(credential) ?? [];
  if (name === undefined || transactionKey === undefined) return "expected 'name:transactionKey'";
  return { body: (body) => Object.fromEntries(Object.entries(body).map(([root, given]) => [root, { ...asObject(given), merchantAuthentication: { name, transactionKey } }])) };
};

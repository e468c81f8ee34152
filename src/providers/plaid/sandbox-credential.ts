import type { SandboxWay } from '../wire/sandbox.ts';

/** 'client_id:secret' of the rule. The vendor reads them from headers or from the body; from the body they are taken out. */
export const clientSecret: SandboxWay['present'] = (credential) => {
  const [, id, secret] = /^([^:]+):(.+)$/.exec(credential) ?? [];
  if (id === undefined || secret === undefined) return "expected 'client_id:secret'";
  return {
    headers: [['PLAID-CLIENT-ID', id], ['PLAID-SECRET', secret]],
    body: (body) => Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'client_id' && name !== 'secret')),
  };
};

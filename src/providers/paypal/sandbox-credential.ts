import { bearer } from '../wire/credential.ts';
import { basicKey } from '../wire/sandbox-credential.ts';
import type { SandboxWay } from '../wire/sandbox.ts';

/** 'client-id:secret' of the rule where a token is asked for; every other call carries the token that came back, and nothing else. */
export const tokenKey: SandboxWay['present'] = (credential, request) => {
  if (request.path === '/v1/oauth2/token') return basicKey(credential, request);
  const token = bearer(request.headers);
  return token === null ? 'this call carries no token of the sandbox; ask for one first' : { authorization: `Bearer ${token}` };
};

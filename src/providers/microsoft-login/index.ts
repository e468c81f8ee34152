import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { isBodiless } from '../wire/body.ts';
import { asksForAnotherMethod } from '../wire/method-override.ts';
import { readGrant } from '../wire/oauth.ts';
import { jsonReply } from '../wire/reply.ts';
import { grants, loginError, microsoftToken } from './token.ts';

const tenantSegment = '([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)';
/** v2.0, and the older one that takes `resource` */
const token = new RegExp(`^/${tenantSegment}/oauth2(?:/v2\\.0)?/token$`);
const discoveries = {
  'discovery.instance': /^\/common\/discovery\/instance$/,
  'discovery.openid': new RegExp(`^/${tenantSegment}(?:/v2\\.0)?/\\.well-known/openid-configuration$`),
  'discovery.keys': new RegExp(`^/${tenantSegment}/discovery(?:/v2\\.0)?/keys$`),
} as const;

/**
 * Microsoft's token endpoint and what MSAL asks beside it. Nobody is reached; people sign in elsewhere on these hosts, and
 * that is not simulated. https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export const microsoftLogin = {
  name: 'microsoft-login',
  channels: [],
  about: {
    operations: ['token.create', ...Object.keys(discoveries)],
    fidelity: 'tokens signed by nobody and taken by no service but this one, for every grant without a browser; no keys to verify anything with, no device codes',
    // MSAL is not among the libraries here: its calls are known from its documentation
    verified: null,
  },
  hosts: ['login.microsoftonline.com', 'login.microsoftonline.us', 'login.partner.microsoftonline.cn', 'login.windows.net', 'login.microsoft.com'].map((host) => ({ host })),
  account: () => null,

  decode(request): Decoded {
    if (asksForAnotherMethod(request.headers)) return unrecognized('a header asks for another method');
    if (request.method === 'POST' && token.test(request.path)) {
      const grant = readGrant(request, grants);
      return 'kind' in grant ? unrecognized(`token.create: ${grant.why}`) : { kind: 'read', operation: 'token.create', liveness: 'unknown' };
    }
    const found = discovery(request);
    return found === null ? unrecognized(`${request.method} on ${request.authority.host} is not simulated: of this host only tokens and discovery are`) : { kind: 'read', operation: found, liveness: 'unknown' };
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const tenant = token.exec(request.path)?.[1];
    switch (discovery(request)) {
      case 'discovery.instance': return { reply: jsonReply(200, instances(request)) };
      case 'discovery.openid': return { reply: jsonReply(200, openid(request)) };
      case 'discovery.keys': return { reply: jsonReply(200, { keys: [] }) };
      case null: {
        const grant = readGrant(request, grants);
        return { reply: 'kind' in grant || tenant === undefined ? loginError(400, 'unsupported_grant_type', 'AADSTS70003: The app requested an unsupported grant type.') : microsoftToken(grant, tenant, context) };
      }
    }
  },

  /** AADSTS53003 is what a conditional access policy answers. */
  reject(_request, { rule, reason, capture }) {
    return loginError(403, 'access_denied', `AADSTS53003: ${rule}: ${reason} (refused by the staging gateway, capture ${capture})`);
  },
} as const satisfies HttpProvider;

type Discovery = keyof typeof discoveries;

function discovery(request: HttpRequest): Discovery | null {
  if (request.method !== 'GET' || !isBodiless(request)) return null;
  return (Object.keys(discoveries) as Discovery[]).find((name) => discoveries[name].test(request.path)) ?? null;
}

function instances({ authority: { host } }: HttpRequest): unknown {
  return {
    tenant_discovery_endpoint: `https://${host}/common/v2.0/.well-known/openid-configuration`, 'api-version': '1.1',
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  };
}

function openid({ authority: { host }, path }: HttpRequest): unknown {
  const tenant = path.split('/')[1];
  const base = `https://${host}/${tenant}`;
  return {
    token_endpoint: `${base}/oauth2/v2.0/token`, token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${base}/discovery/v2.0/keys`, issuer: `${base}/v2.0`, authorization_endpoint: `${base}/oauth2/v2.0/authorize`, device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`, response_modes_supported: ['query', 'fragment', 'form_post'], response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'], subject_types_supported: ['pairwise'], id_token_signing_alg_values_supported: ['RS256'],
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'name', 'preferred_username', 'oid', 'tid'], tenant_region_scope: null, cloud_instance_name: 'microsoftonline.com',
    cloud_graph_host_name: 'graph.windows.net', msgraph_host: 'graph.microsoft.com', rbac_url: 'https://pas.windows.net',
  };
}

function unrecognized(why: string): Decoded {
  return { kind: 'unrecognized', why: `Microsoft login: ${why}` };
}

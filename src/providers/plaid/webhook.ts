import { createHash, createPrivateKey, createPublicKey, sign as signature } from 'node:crypto';
import type { JsonWebKey } from 'node:crypto';
import type { Delivery } from '../../model/provider.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { PlaidFailure } from './errors.ts';
import { operation } from './operation.ts';
import type { Books } from './operation.ts';
import type { Environment } from './place.ts';

export interface Happened {
  /** 'TRANSFER' */
  readonly type: string;
  /** 'TRANSFER_EVENTS_UPDATE' */
  readonly code: string;
  readonly environment: Environment;
  readonly body?: JsonObject;
  /** the URL that a call named for it; else the one of Plaid's dashboard */
  readonly to: string | null;
  /** deliveries of one line go out in order */
  readonly line: string;
  /** what happened, where the code does not say it */
  readonly event?: string;
}

/** https://plaid.com/docs/api/webhooks/ */
export function announce({ ledger, now }: Books, { type, code, environment, body, to, line, event = code }: Happened): void {
  ledger.tell({
    target: to === null || to === '' ? 'plaid' : to, object: line, event, notBeforeMs: now, method: 'POST', headers: [['Accept', '*/*']],
    body: JSON.stringify({ webhook_type: type, webhook_code: code, ...body, environment }), contentType: 'application/json',
  });
}

/**
 * A JWT over the hash of the body, by ES256. Plaid's own keys lie at Plaid: ours is the target's secret. Its `kid` holds the public key itself,
 * so that /webhook_verification_key/get can answer it here without having been told. https://plaid.com/docs/api/webhooks/webhook-verification/
 */
export function sign(delivery: Delivery, secret: string, nowMs: number): Delivery {
  const key = privateKeyOf(secret);
  const { x, y } = createPublicKey(key).export({ format: 'jwk' });
  const kid = Buffer.concat([Buffer.from(x!, 'base64url'), Buffer.from(y!, 'base64url')]).toString('base64url');
  const claims = { iat: Math.floor(nowMs / 1000), request_body_sha256: createHash('sha256').update(delivery.body, 'utf8').digest('hex') };
  const said = [{ alg: 'ES256', kid, typ: 'JWT' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signed = signature('sha256', Buffer.from(said), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  return { ...delivery, headers: [...delivery.headers, ['Plaid-Verification', `${said}.${signed}`]] };
}

function privateKeyOf(secret: string): ReturnType<typeof createPrivateKey> {
  try {
    const key = createPrivateKey(secret);
    if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key;
  } catch {
    // told below: nothing is signed, so nothing is sent
  }
  throw new Error('Plaid signs with a key of its own, for which ours stands in: the secret is a private key of curve P-256 in PEM (openssl ecparam -genkey -name prime256v1 -noout | openssl pkcs8 -topk8 -nocrypt)');
}

export const webhookRoutes: readonly JsonRoute[] = [
  operation({
    path: '/webhook_verification_key/get', required: ['key_id'],
    run: async ({ body }) => {
      const kid = asString(field(body, 'key_id')) ?? '';
      const point = Buffer.from(kid, 'base64url');
      const jwk = { kty: 'EC', crv: 'P-256', x: point.subarray(0, 32).toString('base64url'), y: point.subarray(32).toString('base64url') };
      if (point.length !== 64 || !isPoint(jwk)) throw new PlaidFailure('INVALID_INPUT', 'INVALID_WEBHOOK_VERIFICATION_KEY_ID', 'invalid key_id provided');
      return { key: { alg: 'ES256', created_at: 1_560_466_143, expired_at: null, kid, use: 'sig', ...jwk } };
    },
  }),
];

function isPoint(jwk: JsonWebKey): boolean {
  try {
    createPublicKey({ key: jwk, format: 'jwk' });
    return true;
  } catch {
    // not on the curve: no key of ours
    return false;
  }
}

import type { Delivery } from '../../model/provider.ts';

/** For vendors that sign nothing: their webhooks carry the user and password of the address they were given (RFC 7617). */
export function basicAuthorization(vendor: string): (delivery: Delivery, secret: string) => Delivery {
  return (delivery, secret) => {
    if (!/^[^:]+:.+$/.test(secret)) throw new Error(`the secret of a ${vendor} target is 'user:password' of a webhook with Basic authentication; ${vendor} signs nothing`);
    return { ...delivery, headers: [...delivery.headers, ['Authorization', `Basic ${Buffer.from(secret, 'utf8').toString('base64')}`]] };
  };
}

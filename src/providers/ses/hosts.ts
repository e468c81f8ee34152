import type { HttpRequest } from '../../model/exchange.ts';
import type { ProviderHost } from '../../model/provider.ts';
import { awsAccount, awsCredential } from '../wire/aws-credential.ts';

/** Both APIs answer on all of these, but the multi-region endpoints (v2 only). From the SDKs' own endpoint rules. */
export const hosts: readonly ProviderHost[] = [
  ...['amazonaws.com', 'amazonaws.com.cn', 'amazonaws.eu', 'api.aws', 'api.amazonwebservices.com.cn', 'api.amazonwebservices.eu'].flatMap((suffix) => [`email.*.${suffix}`, `email-fips.*.${suffix}`]),
  '*.email.*.vpce.amazonaws.com',
  ...['*', '*.*'].flatMap((id) => ['email.amazonaws.com', 'email.global.api.aws', 'email.us-gov.amazonaws.com', 'email.us-gov.api.aws'].map((rest) => `${id}.endpoints.${rest}`)),
].map((host) => ({ host }));

/** As the host says it, else as the caller signed for it. */
export function regionOf(request: HttpRequest): string {
  return /^email(?:-fips)?\.([a-z0-9-]+)\./.exec(request.authority.host)?.[1] ?? awsCredential(request)?.region ?? 'us-east-1';
}

/** Twelve digits where the access key tells them; notifications and ARNs have no other. */
export function accountOf(request: HttpRequest): string {
  const account = awsAccount(request) ?? '';
  return /^\d{12}$/.test(account) ? account : '000000000000';
}

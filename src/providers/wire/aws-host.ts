import type { HttpRequest } from '../../model/exchange.ts';
import type { ProviderHost } from '../../model/provider.ts';
import { awsAccount, awsCredential } from './aws-credential.ts';

const suffixes = ['amazonaws.com', 'amazonaws.com.cn', 'amazonaws.eu', 'api.aws', 'api.amazonwebservices.com.cn', 'api.amazonwebservices.eu'];

/** Every region of a service, its FIPS and dual-stack twins and its private endpoints, as the SDKs' endpoint rules build them. */
export function awsHosts(service: string): readonly ProviderHost[] {
  return [...suffixes.flatMap((suffix) => [`${service}.*.${suffix}`, `${service}-fips.*.${suffix}`]), `*.${service}.*.vpce.amazonaws.com`].map((host) => ({ host }));
}

/** As the host says it, else as the caller signed for it. */
export function awsRegion(request: HttpRequest): string {
  return /(?:^|\.)[a-z-]+\.([a-z]{2}(?:-[a-z]+)+-\d{1,2})\./.exec(request.authority.host)?.[1] ?? awsCredential(request)?.region ?? 'us-east-1';
}

/** Twelve digits where the access key tells them; ARNs have no other. */
export function awsAccountId(request: HttpRequest): string {
  const account = awsAccount(request) ?? '';
  return /^\d{12}$/.test(account) ? account : '0'.repeat(12);
}

import type { HttpRequest } from '../../model/exchange.ts';
import { headerAll } from '../../model/exchange.ts';
import { formAll, parseQuery } from './form.ts';

/** Who signed a call, by Signature Version 4 (or 4a, which names no region). */
export interface AwsCredential {
  readonly accessKeyId: string;
  readonly region: string | null;
  /** as signed for: 'ses', 'sns', 'sms-voice' */
  readonly service: string;
}

/** AKID/20261121/eu-west-1/ses/aws4_request; 4a leaves the region out. https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html */
const scope = /^([A-Za-z0-9]{1,128})\/[0-9]{8}\/(?:([a-z0-9-]{1,40})\/)?([a-z0-9-]{1,40})\/aws4_request$/;

/**
 * The credential of the one Authorization header, or of a presigned query; null when there is none, when it is malformed and
 * when there are two. The signature itself is not checked: nobody here has the secret.
 */
export function awsCredential(request: HttpRequest): AwsCredential | null {
  const query = parseQuery(request.query);
  const signed = headerAll(request.headers, 'authorization').map((value) => /^AWS4-(?:HMAC|ECDSA-P256)-SHA256[ \t]+(?:.*,[ \t]*)?Credential=([^,\s]+)/.exec(value.trim())?.[1] ?? '');
  const presigned = query.kind === 'form' ? formAll(query.fields, 'X-Amz-Credential') : [];
  const scopes = [...signed, ...presigned];
  const match = scopes.length === 1 ? scope.exec(scopes[0]!) : null;
  return match === null ? null : { accessKeyId: match[1]!, region: match[2] ?? null, service: match[3]! };
}

/**
 * The account behind an access key: its twelve digits where the key id holds them, else the key id itself. Temporary keys change
 * by the hour, and what an application left behind must outlive them.
 */
export function awsAccount(request: HttpRequest): string | null {
  const credential = awsCredential(request);
  return credential === null ? null : accountOfKey(credential.accessKeyId) ?? credential.accessKeyId;
}

/** Bits 1 to 40 of the key id behind its prefix, in base32: docs/discoveries/ses.md. */
export function accountOfKey(accessKeyId: string): string | null {
  const encoded = /^(?:AKIA|ASIA)([A-Z2-7]{16})$/.exec(accessKeyId)?.[1];
  if (encoded === undefined) return null;
  const bits = [...encoded].reduce((all, letter) => all * 32n + BigInt('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter)), 0n);
  const account = (bits >> 39n) & 0xff_ffff_ffffn;
  return account < 1_000_000_000_000n ? String(account).padStart(12, '0') : null;
}

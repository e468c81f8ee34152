import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../../src/model/exchange.ts';
import { awsAccountId, awsHosts, awsRegion } from '../../../src/providers/wire/aws-host.ts';
import { awsCall, decodeAwsCall, result } from '../../../src/providers/wire/aws-operation.ts';
import type { AwsOperation } from '../../../src/providers/wire/aws-operation.ts';
import { snsNotification } from '../../../src/providers/wire/sns-notification.ts';
import { parseHttpFile } from '../../support/http-file.ts';
import { fixedNow, memory } from '../../support/simulation-context.ts';

function to(host: string, ...head: readonly string[]): HttpRequest {
  return parseHttpFile(Buffer.from(['POST / HTTP/1.1', `Host: ${host}`, ...head, '', 'x'].join('\r\n')));
}
const signed = 'Authorization: AWS4-HMAC-SHA256 Credential=AKIAFAKE/20261121/ap-south-1/sns/aws4_request, Signature=00';

describe('the host of an AWS service', () => {
  it.each([
    ['sns.eu-west-1.amazonaws.com', 'eu-west-1'], ['sns-fips.us-gov-west-1.amazonaws.com', 'us-gov-west-1'], ['sns.cn-north-1.amazonaws.com.cn', 'cn-north-1'], ['sms-voice.ap-southeast-2.api.aws', 'ap-southeast-2'],
    ['vpce-1a.sns.eu-central-1.vpce.amazonaws.com', 'eu-central-1'], ['localhost', 'ap-south-1'],
  ])('%s says its region, else the signature does', (host, region) => {
    expect(awsRegion(to(host, signed))).toBe(region);
  });

  it('is claimed with its FIPS, dual-stack and private forms', () => {
    const hosts = awsHosts('sns').map(({ host }) => host);
    expect(hosts).toEqual(expect.arrayContaining(['sns.*.amazonaws.com', 'sns-fips.*.amazonaws.com', 'sns.*.amazonaws.com.cn', 'sns.*.api.aws', '*.sns.*.vpce.amazonaws.com']));
  });

  it('has an account only where the key tells it', () => {
    expect(awsAccountId(to('sns.eu-west-1.amazonaws.com', signed))).toBe('000000000000');
  });
});

describe('an operation', () => {
  const base = { channel: 'sms', provider: 'aws-sms', operation: 'Send', liveness: 'unknown', keys: [], from: null, text: null, media: [], template: null } as const;
  const operations: readonly AwsOperation[] = [
    { name: 'Send', shape: { fields: { To: 'text' } }, effects: () => [{ ...base, recipients: [{ address: '+447700900123', kind: 'phone', role: 'to' }] }], answer: async () => result(null) },
    { name: 'Get', shape: { fields: {} }, answer: async () => result(null) },
  ];
  const request = to('sns.eu-west-1.amazonaws.com');

  it('reaches whoever a field nobody knows of names', () => {
    const call = awsCall(operations, request, 'Send', { To: '+447700900123', Copy: { To: ['ann@example.test'] } });
    expect(decodeAwsCall('AWS', call, request)).toMatchObject({ effects: [{ recipients: [{ address: '+447700900123' }, { address: 'ann@example.test', kind: 'email' }] }] });
  });

  it.each([
    ['is not known', 'Other', {}, request], ['has a field spelt another way', 'Send', { to: 'x' }, request], ['has a list for a text', 'Send', { To: ['x'] }, request], ['asks for another method', 'Get', {}, to('sns.eu-west-1.amazonaws.com', 'X-HTTP-Method-Override: DELETE')],
  ])('is not recognised when it %s', (_what, name, input, asked) => {
    expect(decodeAwsCall('AWS', awsCall(operations, asked, name, input), asked)).toMatchObject({ kind: 'unrecognized' });
  });

  it('without effects is a read', () => {
    expect(decodeAwsCall('AWS', awsCall(operations, request, 'Get', {}), request)).toEqual({ kind: 'read', operation: 'Get', liveness: 'unknown' });
  });
});

describe('a notification', () => {
  const given = { target: 'aws-sms', object: 'o', event: 'e', at: fixedNow, region: 'eu-west-1', topic: 'arn:aws:sns:eu-west-1:000000000000:t', message: '{"a":1}' };

  it('says that it is not signed, and where a verifier would look', () => {
    const body = JSON.parse(snsNotification(memory().context(), given).body) as Record<string, string>;
    expect(Buffer.from(body['Signature']!, 'base64').toString()).toContain('not signed');
    expect(body).toMatchObject({ Type: 'Notification', Message: '{"a":1}', SigningCertURL: expect.stringMatching(/^https:\/\/sns\.eu-west-1\.amazonaws\.com\//), UnsubscribeURL: expect.any(String) });
  });

  it('is the bare message where that was asked for', () => {
    const draft = snsNotification(memory().context(), { ...given, raw: true });
    expect(draft.body).toBe('{"a":1}');
    expect(draft.headers).toContainEqual(['x-amz-sns-rawdelivery', 'true']);
  });
});

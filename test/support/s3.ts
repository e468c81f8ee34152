import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { S3Settings } from '../../src/store/bucket/s3.ts';

/** One request, when all of it is there; `key` without the bucket's name. */
export interface S3Request { readonly method: string; readonly key: string; readonly headers: IncomingMessage['headers']; readonly body: Buffer }

/**
 * What goes wrong with a request: an answer of the service's own, no answer, a connection cut before it is (`lost`: after the work was done), an answer cut off in its middle,
 * or another body in the answer.
 */
export type S3Fault =
  | { readonly kind: 'answer'; readonly status: number; readonly code: string; readonly headers?: Readonly<Record<string, string>> }
  | { readonly kind: 'stall' } | { readonly kind: 'cut' } | { readonly kind: 'lost' } | { readonly kind: 'half' }
  | { readonly kind: 'other'; readonly body: Buffer };

export interface S3Server {
  readonly settings: S3Settings;
  /** everything that lies there, by key */
  readonly objects: Map<string, Buffer>;
  /** every request that was understood, in order */
  readonly requests: S3Request[];
  /** asked for each request; null = all is well. `done`: it was done, and only its answer is left */
  fault: (request: S3Request, done: boolean) => S3Fault | null | Promise<S3Fault | null>;
  /** as a bucket with versioning answers */
  versions: boolean;
  close(): Promise<void>;
}

/**
 * The part of S3 that the gateway speaks, over real HTTP on loopback: PUT, GET and DELETE of objects in one bucket, path style. Signatures and checksums are verified, by a computation of its own
 * from what arrived: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export async function startS3({ name = 'captures', prefix = null }: { readonly name?: string; readonly prefix?: string | null } = {}): Promise<S3Server> {
  // Made at run time: nothing here looks like a key of anybody.
  const accessKey = ['stand', 'in', 'access'].join('-');
  const secretKey = ['stand', 'in', 'secret', String(process.pid)].join('/');
  const region = 'eu-test-1';
  const stalled = new Set<ServerResponse>();

  const refuse = (response: ServerResponse, status: number, code: string, headers: Readonly<Record<string, string>> = {}): void => {
    // As the real ones do, an error repeats what it was asked with.
    response.writeHead(status, { 'content-type': 'application/xml', ...headers }).end(
      `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message><AWSAccessKeyId>${accessKey}</AWSAccessKeyId><StringToSign>${secretKey}</StringToSign></Error>`);
  };
  const answer = (request: IncomingMessage, response: ServerResponse, { method, key, body }: S3Request, fault: S3Fault | null): void => {
    switch (method) {
      case 'PUT': {
        server.objects.set(key, body);
        response.writeHead(200, { etag: `"${createHash('md5').update(body).digest('hex')}"`, ...(server.versions ? { 'x-amz-version-id': 'v1' } : {}) }).end();
        return;
      }
      case 'GET': {
        const kept = fault?.kind === 'other' ? fault.body : server.objects.get(key);
        if (kept === undefined) return refuse(response, 404, 'NoSuchKey');
        response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': kept.length });
        if (fault?.kind === 'half') response.write(kept.subarray(0, Math.floor(kept.length / 2)), () => request.socket.destroy());
        else response.end(kept);
        return;
      }
      case 'DELETE':
        server.objects.delete(key);
        response.writeHead(204).end();
        return;
      default: refuse(response, 405, 'MethodNotAllowed');
    }
  };

  const listener = createServer((request, response) => void (async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const path = (request.url ?? '').split('?')[0]!;
    const wrong = refusalOf({ request, body, accessKey, secretKey, region });
    if (wrong !== null) return refuse(response, wrong.status, wrong.code);
    if (!path.startsWith(`/${name}/`)) return refuse(response, 404, 'NoSuchBucket');
    const asked: S3Request = { method: request.method ?? '', key: decodeURIComponent(path.slice(name.length + 2)), headers: request.headers, body };
    server.requests.push(asked);
    const fault = await server.fault(asked, false);
    if (fault?.kind === 'answer') return refuse(response, fault.status, fault.code, fault.headers);
    if (fault?.kind === 'cut') return void request.socket.destroy();
    if (fault?.kind === 'stall') return void stalled.add(response);
    if (fault?.kind === 'lost') {
      if (asked.method === 'PUT') server.objects.set(asked.key, body);
      if (asked.method === 'DELETE') server.objects.delete(asked.key);
      return void request.socket.destroy();
    }
    answer(request, response, asked, fault);
    await server.fault(asked, true);
  })().catch(() => request.socket.destroy()));
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const server: S3Server = {
    settings: { endpoint: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`, region, name, prefix, accessKey, secretKey, pathStyle: true },
    objects: new Map(), requests: [], fault: () => null, versions: false,
    async close() {
      listener.closeAllConnections();
      listener.close();
      await once(listener, 'close');
    },
  };
  return server;
}

const sha256 = (bytes: Uint8Array | string): Buffer => createHash('sha256').update(bytes).digest();
const hmac = (key: Uint8Array | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Why this request is refused, as S3 would, or null. */
function refusalOf({ request, body, accessKey, secretKey, region }: { readonly request: IncomingMessage; readonly body: Buffer; readonly accessKey: string; readonly secretKey: string; readonly region: string }): { readonly status: number; readonly code: string } | null {
  const { headers } = request;
  const said = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/.exec(headers.authorization ?? '');
  if (said === null) return { status: 403, code: 'AccessDenied' };
  const [, who, day, where, signed, signature] = said as unknown as readonly [string, string, string, string, string, string];
  if (who !== accessKey) return { status: 403, code: 'InvalidAccessKeyId' };
  if (where !== region) return { status: 400, code: 'AuthorizationHeaderMalformed' };
  const at = String(headers['x-amz-date']);
  const stamp = Date.parse(at.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (!at.startsWith(day) || !(Math.abs(Date.now() - stamp) < 900_000)) return { status: 403, code: 'RequestTimeTooSkewed' };
  const names = signed.split(';');
  // Every x-amz- header and the host must be under the signature.
  if (!names.includes('host') || Object.keys(headers).some((name) => name.startsWith('x-amz-') && !names.includes(name))) return { status: 403, code: 'AccessDenied' };
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const stated = String(headers['x-amz-content-sha256']);
  const canonical = [request.method, path, query.split('&').toSorted().join('&'), ...names.map((name) => `${name}:${String(headers[name]).trim().replace(/ +/g, ' ')}`), '', signed, stated].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', at, `${day}/${region}/s3/aws4_request`, sha256(canonical).toString('hex')].join('\n');
  const key = ['s3', 'aws4_request'].reduce<Buffer>((under, part) => hmac(under, part), hmac(hmac(`AWS4${secretKey}`, day), region));
  if (!timingSafeEqual(hmac(key, toSign), Buffer.from(signature, 'hex'))) return { status: 403, code: 'SignatureDoesNotMatch' };
  if (stated !== sha256(body).toString('hex')) return { status: 400, code: 'XAmzContentSHA256Mismatch' };
  const checksum = headers['x-amz-checksum-sha256'];
  if (request.method === 'PUT' && checksum === undefined) return { status: 400, code: 'InvalidRequest' };
  if (checksum !== undefined && checksum !== sha256(body).toString('base64')) return { status: 400, code: 'BadDigest' };
  return null;
}

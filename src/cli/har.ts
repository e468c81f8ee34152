import type { Capture } from '../model/capture.ts';
import type { Headers } from '../model/exchange.ts';
import { header } from '../model/exchange.ts';

/** What stands around the entries of a HAR 1.2 file. */
export const harLog = {
  before: '{"log":{"version":"1.2","creator":{"name":"fourthwall","version":"1"},"entries":[\n',
  after: '\n]}}\n',
} as const;

/** One entry of a HAR 1.2 file. Nothing went out for a captured call, so all its times are unknown: -1. */
export function harEntry({ capture, request, reply }: { readonly capture: Capture; readonly request: Uint8Array; readonly reply: Uint8Array | null }): object {
  if (capture.request.kind !== 'http') throw new Error(`capture ${capture.id} is no HTTP call`);
  const { method, url, version, headers } = capture.request;
  const httpVersion = `HTTP/${version}`;
  const answer = capture.reply?.kind === 'http' ? capture.reply : null;
  return {
    startedDateTime: capture.at,
    time: 0,
    request: {
      method, url, httpVersion, cookies: [], headers: pairs(headers),
      queryString: [...new URL(url).searchParams].map(([name, value]) => ({ name, value })),
      ...request.length === 0 ? {} : { postData: { mimeType: header(headers, 'content-type') ?? '', ...textOf(request) } },
      headersSize: -1, bodySize: request.length,
    },
    response: {
      status: answer?.status ?? 0, statusText: '', httpVersion, cookies: [], headers: pairs(answer?.headers ?? []),
      content: { size: reply?.length ?? 0, mimeType: header(answer?.headers ?? [], 'content-type') ?? '', ...textOf(reply ?? new Uint8Array()) },
      redirectURL: '', headersSize: -1, bodySize: reply?.length ?? 0,
    },
    cache: {},
    timings: { send: -1, wait: -1, receive: -1 },
    comment: `${capture.id} ${capture.action} by ${capture.rule}`,
  };
}

function pairs(headers: Headers): readonly { readonly name: string; readonly value: string }[] {
  return headers.map(([name, value]) => ({ name, value }));
}

function textOf(bytes: Uint8Array): { readonly text: string; readonly encoding?: 'base64' } {
  const buffer = Buffer.from(bytes);
  const text = buffer.toString('utf8');
  return Buffer.from(text, 'utf8').equals(buffer) ? { text } : { text: buffer.toString('base64'), encoding: 'base64' };
}

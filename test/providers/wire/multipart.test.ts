import { describe, expect, it } from 'vitest';
import { parseMultipart } from '../../../src/providers/wire/multipart.ts';

const type = 'multipart/form-data; boundary=xx';
const part = (disposition: string, body: string, more = ''): string => `--xx\r\nContent-Disposition: ${disposition}\r\n${more}\r\n${body}\r\n`;
const read = (text: string, contentType = type): ReturnType<typeof parseMultipart> => parseMultipart(Buffer.from(text), contentType);

describe('parseMultipart', () => {
  it('reads what fetch writes', async () => {
    const form = new FormData();
    form.append('to', 'ann@example.test');
    form.append('to', 'bob@example.test');
    form.append('attachment', new Blob(['a\r\n--x'], { type: 'text/plain' }), 'a "b".txt');
    const request = new Request('http://x.test', { method: 'POST', body: form });
    expect(parseMultipart(new Uint8Array(await request.arrayBuffer()), request.headers.get('content-type') ?? '')).toEqual({
      kind: 'parts', parts: [
        { name: 'to', filename: null, contentType: null, bytes: Buffer.from('ann@example.test') },
        { name: 'to', filename: null, contentType: null, bytes: Buffer.from('bob@example.test') },
        { name: 'attachment', filename: 'a "b".txt', contentType: 'text/plain', bytes: Buffer.from('a\r\n--x') },
      ],
    });
  });

  it.each([
    ['no boundary', part('form-data; name="a"', '1') + '--xx--', 'multipart/form-data'],
    ['another type', part('form-data; name="a"', '1') + '--xx--', 'multipart/mixed; boundary=xx'],
    ['two boundaries', part('form-data; name="a"', '1') + '--xx--', 'multipart/form-data; boundary=yy; boundary=xx'],
    ['a preamble', `hidden\r\n${part('form-data; name="a"', '1')}--xx--`, type],
    ['an epilogue', `${part('form-data; name="a"', '1')}--xx--\r\nhidden`, type],
    ['no end', part('form-data; name="a"', '1'), type],
    ['bare line feeds', '--xx\nContent-Disposition: form-data; name="a"\n\n1\n--xx--', type],
    ['a longer boundary', '--xxyy\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--xx--', type],
    ['a boundary that goes on', '--xxyyContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--xx--', type],
    ['two dispositions', `${part('form-data; name="a"', '1', 'Content-Disposition: form-data; name="b"\r\n')}--xx--`, type],
    ['two names', `${part('form-data; name="a"; name="b"', '1')}--xx--`, type],
    ['an extended filename', `${part("form-data; name=\"a\"; filename*=utf-8''b", '1')}--xx--`, type],
    ['no name', `${part('form-data', '1')}--xx--`, type],
    ['a transfer encoding', `${part('form-data; name="a"', 'MQ==', 'Content-Transfer-Encoding: base64\r\n')}--xx--`, type],
    ['nothing', '', type],
  ])('does not read %s', (_what, body, contentType) => {
    expect(read(body, contentType).kind).toBe('unreadable');
  });

  it('stops at too many parts', () => {
    expect(parseMultipart(Buffer.from(`${part('form-data; name="a"', '1').repeat(3)}--xx--`), type, { mimeParts: 2, mimeHeaderBytes: 1000 }).kind).toBe('unreadable');
  });
});

import { describe, expect, it } from 'vitest';
import { desk } from '../desk.ts';
import type { CallOptions } from '../desk.ts';

const multipart: CallOptions = { type: 'multipart/form-data; boundary=b' };
const part = (disposition: string, content: string): string => `--b\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`;
const upload = (content = 'hello', name = 'evidence.PDF', more = ''): string => `${part('name="purpose"', 'dispute_evidence')}${more}${part(`name="file"; filename="${name}"`, content)}--b--\r\n`;

describe('files', () => {
  it('are uploaded, read and listed, with their name, size and type', async () => {
    const call = desk();
    const made = await call('POST', '/v1/files', upload(), multipart);
    expect(made).toMatchObject({
      status: 200, events: [],
      body: { object: 'file', filename: 'evidence.PDF', purpose: 'dispute_evidence', size: 5, type: 'pdf', title: null, expires_at: null, created: 1795251600, links: { object: 'list', data: [], has_more: false } },
    });
    expect(made.body.id).toMatch(/^file_1[0-9A-Za-z]{23}$/);
    expect(made.body['url']).toBe(`https://files.stripe.com/v1/files/${made.body.id}/contents`);
    expect((await call('GET', `/v1/files/${made.body.id}`)).body).toEqual(made.body);
    await call('POST', '/v1/files', upload('hi', 'logo.jpeg').replace('dispute_evidence', 'business_logo'), multipart);
    expect((await call('GET', '/v1/files?purpose=business_logo')).body.data).toMatchObject([{ filename: 'logo.jpeg', size: 2, type: 'jpg' }]);
    expect((await call('GET', '/v1/files')).body.data).toHaveLength(2);
  });

  it('are kept without their bytes', async () => {
    const call = desk();
    const { body: { id } } = await call('POST', '/v1/files', upload('a secret letter'), multipart);
    expect(JSON.stringify((await call('GET', `/v1/files/${id}`)).body)).not.toContain('letter');
  });

  it.each<[string, string, CallOptions, string]>([
    ['no purpose', `${part('name="file"; filename="a.txt"', 'x')}--b--\r\n`, multipart, 'purpose'],
    ['a purpose that only Stripe has', upload().replace('dispute_evidence', 'sigma_scheduled_query'), multipart, 'purpose'],
    ['no file', `${part('name="purpose"', 'dispute_evidence')}--b--\r\n`, multipart, 'file'],
    ['an empty file', upload(''), multipart, 'file'],
    ['a file as text', 'purpose=dispute_evidence&file=hello', {}, 'file'],
    ['an unknown field', upload('x', 'a.txt', part('name="colour"', 'red')), multipart, 'colour'],
  ])('with %s are refused', async (_, body, options, param) => {
    const call = desk();
    expect(await call('POST', '/v1/files', body, options)).toMatchObject({ status: 400, body: { error: { type: 'invalid_request_error', param } } });
    expect((await call('GET', '/v1/files')).body.data).toEqual([]);
  });

  it('with one idempotency key are the same only when their bytes are', async () => {
    const call = desk();
    const keyed = { ...multipart, headers: [['Idempotency-Key', 'k1']] } as const;
    const first = await call('POST', '/v1/files', upload(), keyed);
    expect((await call('POST', '/v1/files', upload(), keyed)).body.id).toBe(first.body.id);
    expect((await call('POST', '/v1/files', upload('other'), keyed)).body.error.type).toBe('idempotency_error');
  });

  it('get a link at once when asked to', async () => {
    const call = desk();
    const { body } = await call('POST', '/v1/files', upload('x', 'a.txt', part('name="file_link_data[create]"', 'true')), multipart);
    expect(body).toMatchObject({ links: { data: [{ object: 'file_link', file: body.id }] } });
    expect((await call('GET', '/v1/file_links')).body.data).toHaveLength(1);
  });
});

describe('file links', () => {
  it('point at a file until they expire', async () => {
    const call = desk();
    const { body: file } = await call('POST', '/v1/files', upload(), multipart);
    const { body: link } = await call('POST', '/v1/file_links', `file=${file.id}&expires_at=1795251700&metadata[a]=1`);
    expect(link).toMatchObject({ object: 'file_link', expired: false, expires_at: 1795251700, file: file.id, metadata: { a: '1' }, url: expect.stringMatching(/^https:\/\/files\.stripe\.com\/links\//) });
    expect((await call('GET', `/v1/files/${file.id}`)).body).toMatchObject({ links: { data: [{ id: link.id }] } });
    expect((await call('GET', `/v1/file_links/${link.id}`, '', { later: 200_000 })).body).toMatchObject({ expired: true });
    expect((await call('GET', '/v1/file_links?expired=true', '', { later: 200_000 })).body.data).toHaveLength(1);
    expect((await call('GET', `/v1/file_links?expired=true&file=${file.id}`)).body.data).toEqual([]);
    expect((await call('POST', `/v1/file_links/${link.id}`, 'expires_at=now')).body).toMatchObject({ expired: true });
    expect((await call('POST', `/v1/file_links/${link.id}`, 'expires_at=1999999999')).status).toBe(400);
  });

  it('want a file that is there, and a time to come', async () => {
    const call = desk();
    expect((await call('POST', '/v1/file_links', 'file=file_nothing')).body.error).toMatchObject({ code: 'resource_missing', param: 'file' });
    const { body: file } = await call('POST', '/v1/files', upload(), multipart);
    expect((await call('POST', '/v1/file_links', `file=${file.id}&expires_at=1`)).body.error).toMatchObject({ param: 'expires_at' });
  });
});

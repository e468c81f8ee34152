import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appRoutes, page } from '../../src/control/page.ts';
import { routeOf } from '../../src/web/routing/route.ts';
import { buildPage } from './page-server.ts';

const served = async (directory: string): Promise<FastifyInstance> => {
  const app = fastify();
  await app.register(page({ directory, previewOrigin: (host) => host === 'off.test' ? null : 'http://127.0.0.1:8026' }));
  return app;
};

describe('the page as it is served', () => {
  let directory: string;
  let app: FastifyInstance;
  beforeAll(async () => {
    directory = await buildPage();
    app = await served(directory);
  });
  afterAll(async () => {
    await app.close();
    await rm(directory, { recursive: true, force: true });
  });

  it.each(['/', '/captures/cap_1', '/journeys/order:1', '/persons/per_1', '/runs', '/runs/nightly', '/connect'])('answers %s with the page', async (path) => {
    const response = await app.inject(path);
    expect([response.statusCode, response.headers['content-type'], response.headers['cache-control']]).toEqual([200, 'text/html; charset=utf-8', 'no-cache']);
    expect(response.body).toContain('<div id="root">');
  });

  it('knows the same addresses as the router in the browser', () => {
    for (const route of appRoutes) expect(routeOf(route.replace(/:\w+/, 'x')).kind, route).not.toBe('nowhere');
    expect(routeOf('/api').kind).toBe('nowhere');
  });

  it('sends the exact Content-Security-Policy, framing only the preview origin', async () => {
    const { headers } = await app.inject('/');
    expect(headers['content-security-policy']).toBe(
      "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self' http://127.0.0.1:8026; "
      + "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['x-frame-options']).toBe('DENY');
    expect((await app.inject({ path: '/', headers: { host: 'off.test' } })).headers['content-security-policy']).toContain("frame-src 'self';");
  });

  it('lets hashed assets be kept for ever and answers 304 to what is known', async () => {
    const script = /src="(\/assets\/[^"]+)"/.exec((await app.inject('/')).body)?.[1] ?? '';
    const first = await app.inject(script);
    expect([first.statusCode, first.headers['content-type'], first.headers['cache-control']]).toEqual([200, 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable']);
    expect((await app.inject({ path: script, headers: { 'if-none-match': String(first.headers['etag']) } })).statusCode).toBe(304);
  });

  it.each(['/assets/../index.html', '/assets/%2e%2e/index.html', '/..%2f..%2fpackage.json', '/assets/', '/assets/nothing.js', '/api/captures'])('has nothing at %s', async (path) => {
    expect((await app.inject(path)).statusCode).toBe(404);
  });

  it('tells how to build it where it was not built, and keeps the rest running', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'fourthwall-nothing-'));
    for (const missing of [empty, join(empty, 'missing')]) {
      const bare = await served(missing);
      const response = await bare.inject('/captures/cap_1');
      expect(response.statusCode).toBe(503);
      expect(response.body).toContain('Build it with: npm run prepare');
      await bare.close();
    }
    await rm(empty, { recursive: true });
  });

  it('is under 250 kB gzipped in all, and names no other host', async () => {
    const files = (await readdir(directory, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    const contents = await Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name))));
    expect(contents.reduce((sum, content) => sum + gzipSync(content).length, 0)).toBeLessThan(250_000);
    const html = await readFile(join(directory, 'index.html'), 'utf8');
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });
});

describe('the source of the page', () => {
  it('never makes markup out of text', async () => {
    const root = new URL('../../src/web/', import.meta.url).pathname;
    for (const file of await readdir(root, { recursive: true })) {
      if (!/\.tsx?$/.test(file)) continue;
      expect(await readFile(join(root, file), 'utf8'), file).not.toMatch(/dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(/);
    }
  });
});

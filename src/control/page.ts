import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Bytes } from '../model/bytes.ts';

export interface PageOptions {
  /** where `vite build src/web` put the page */
  readonly directory: string;
  /** origin of captured HTML, given the Host header the page was asked with: `preview.origin`; null = not opened */
  readonly previewOrigin: (pageHost: string | undefined) => string | null;
}

/** Addresses of the page that the browser-side router knows; each is answered with index.html. */
export const appRoutes = ['/', '/captures/:id', '/journeys/:key', '/persons/:id', '/runs', '/runs/:name', '/connect'] as const;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

interface PageFile { readonly bytes: Bytes; readonly type: string; readonly etag: string }

/**
 * Serves the built page. The files are read once and routed one by one: no request ever names a path on the disk, so
 * there is no path guard to go round (GHSA-pr96, CVE-2026-6414 and the like in @fastify/static).
 */
export function page(options: PageOptions): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    const files = await manifest(options.directory);
    const index = files.get('/index.html') ?? null;

    const shown = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
      headers(reply, options.previewOrigin(request.headers.host));
      void reply.header('cache-control', 'no-cache');
      return index === null
        ? reply.code(503).type('text/plain; charset=utf-8').send(notBuilt(options.directory))
        : send(request, reply, index);
    };
    for (const route of appRoutes) app.get(route, { config: { page: true } }, shown);

    for (const [path, file] of files) {
      if (path === '/index.html') continue;
      app.get(path, { config: { page: true } }, (request, reply) => {
        headers(reply, options.previewOrigin(request.headers.host));
        void reply.header('cache-control', path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
        return send(request, reply, file);
      });
    }
  };
}

function notBuilt(directory: string): string {
  return `The page is not built: ${join(directory, 'index.html')} is missing.\nBuild it with: npm run prepare\nThe API works without it: /api/captures\n`;
}

async function manifest(directory: string): Promise<ReadonlyMap<string, PageFile>> {
  const files = new Map<string, PageFile>();
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true }).catch(absent)) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const bytes = await readFile(file);
    files.set(`/${relative(directory, file).split(sep).join('/')}`, {
      bytes,
      type: types[extname(file)] ?? 'application/octet-stream',
      etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
    });
  }
  return files;
}

/** A missing folder is a page that was never built; anything else is a fault to hear about at start. */
function absent(error: NodeJS.ErrnoException): never[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

function send(request: FastifyRequest, reply: FastifyReply, file: PageFile): FastifyReply {
  void reply.header('etag', file.etag);
  if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
  return reply.type(file.type).send(file.bytes);
}

function headers(reply: FastifyReply, previewOrigin: string | null): void {
  void reply.headers({
    'content-security-policy': [
      "default-src 'self'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "connect-src 'self'",
      // 'self' for the redirect to the signed address. It also stops a link in a mail from loading another site in the frame.
      `frame-src 'self'${previewOrigin === null ? '' : ` ${previewOrigin}`}`,
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ].join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-robots-tag': 'noindex, nofollow',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  });
}

import fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyReply } from 'fastify';
import type { Bytes } from '../model/bytes.ts';
import type { Capture } from '../model/capture.ts';
import type { Store } from '../model/store.ts';
import type { Safe } from '../policy/safe.ts';
import { closeApp } from './close-app.ts';
import { inertHtml } from './inert-html.ts';
import { knownOf } from './masking/known.ts';
import { maskText } from './masking/mask-text.ts';
import { shownBy } from './masking/shown-address.ts';
import { pathSigner } from './signed-path.ts';

export interface PreviewOptions {
  readonly store: Pick<Store, 'capture' | 'attachment'>;
  /** origins of the page that may show a mail: 'http://127.0.0.1:8025'; a CSP host source such as 'http://*:8025' works too */
  readonly controlOrigin: () => readonly string[];
  /** signs the URLs; at least 16 random bytes, new at every start is fine */
  readonly key: Bytes;
  readonly now: () => number;
  /** whom the policy in force lists as safe, for masked views; absent = nobody */
  readonly safe?: () => Safe;
  readonly logger: FastifyBaseLogger;
  /** how people reach this origin where that differs from what it is bound to: 'https://preview.example.test' */
  readonly publicOrigin?: string;
}

/** The second origin: captured HTML and nothing else, so that whatever it tries, it is not on the page's origin. */
export interface Preview {
  /** Resolves with the real port (port 0 = any free one). */
  listen(host: string, port: number): Promise<number>;
  close(): Promise<void>;
  /**
   * 'http://127.0.0.1:8026'. `pageHost` is the host the page was asked for ('localhost:8025'): it gives the name when
   * we are bound to every address. Throws before `listen`.
   */
  origin(pageHost?: string): string;
  /** Where the HTML of this capture can be seen for the next two minutes; masked: without addresses and without its own pictures. */
  url(captureId: string, pageHost?: string, masked?: boolean): string;
}

const lifetime = 120_000;
/** Pictures a browser paints without running anything. SVG is a document and stays out. */
const raster = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'image/bmp']);

export function createPreview(options: PreviewOptions): Preview {
  const signer = pathSigner({ key: options.key, now: options.now, lifetime });
  const app = fastify({ loggerInstance: options.logger, logController: new LogController({ disableRequestLogging: true }), trustProxy: false, forceCloseConnections: 'idle' });
  let bound: { readonly host: string; readonly port: number } | null = null;

  app.addHook('onRequest', async (_request, reply) => { harmless(reply); });
  app.setNotFoundHandler((_request, reply) => plain(reply, 404, 'Nothing here. Captured HTML is opened from the page.'));
  app.setErrorHandler((error, _request, reply) => {
    options.logger.error({ err: error }, 'preview failed');
    return plain(reply, 500, 'The capture could not be read.');
  });

  for (const form of ['html', 'masked'] as const) app.get<{ Params: { id: string }; Querystring: { e?: string; s?: string } }>(`/${form}/:id`, async (request, reply) => {
    const { id } = request.params;
    if (!signer.holds(`/${form}/${id}`, request.query)) return plain(reply, 403, 'This address has run out. Open the capture again from the page.');
    // Only inside the page's frame: at top level nothing would stop a click from leaving.
    const destination = request.headers['sec-fetch-dest'];
    if (destination !== undefined && destination !== 'iframe') return plain(reply, 403, 'Captured HTML is only shown inside the page.');
    const capture = await options.store.capture(id);
    const html = capture === null ? null : htmlOf(capture);
    if (capture === null || html === null) return plain(reply, 404, 'This capture has no HTML.');
    return reply
      .header('content-security-policy', `default-src 'none'; img-src data: 'self'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; `
        + `frame-ancestors ${ancestors(options.controlOrigin())}; sandbox`)
      .header('cross-origin-resource-policy', 'same-origin')
      .type('text/html; charset=utf-8')
      .send(inertHtml(form === 'masked' ? maskedHtml(html, capture, options.safe?.()) : html, (contentId) => {
        // what stands in a picture cannot be masked
        if (form === 'masked') return null;
        const part = capture.content?.attachments.find((one) => one.contentId === contentId && raster.has(mediaType(one.contentType)));
        return part === undefined ? null : signer.sign(`/part/${id}/${part.n}`).replaceAll('&', '&amp;');
      }));
  });

  app.get<{ Params: { id: string; n: string }; Querystring: { e?: string; s?: string } }>('/part/:id/:n', async (request, reply) => {
    const { id, n } = request.params;
    if (!signer.holds(`/part/${id}/${n}`, request.query)) return plain(reply, 403, 'This address has run out.');
    const part = await options.store.attachment(id, Number(n));
    if (part === null || !raster.has(mediaType(part.contentType))) return plain(reply, 404, 'No such picture.');
    return reply
      .header('content-security-policy', "default-src 'none'; sandbox")
      // The mail is sandboxed and so has an opaque origin: 'same-origin' would block its own pictures.
      .header('cross-origin-resource-policy', 'cross-origin')
      .type(mediaType(part.contentType))
      .send(Buffer.from(part.content));
  });

  const origin = (pageHost?: string): string => {
    if (options.publicOrigin !== undefined) return options.publicOrigin;
    if (bound === null) throw new Error('preview: its origin was asked for before it listens');
    const everywhere = bound.host === '0.0.0.0' || bound.host === '::';
    const name = everywhere ? hostName(pageHost) ?? '127.0.0.1' : bound.host;
    return `http://${name.includes(':') && !name.startsWith('[') ? `[${name}]` : name}:${bound.port}`;
  };

  return {
    async listen(host, port) {
      const address = new URL(await app.listen({ host, port }));
      bound = { host, port: Number(address.port || 80) };
      return bound.port;
    },
    close: () => closeApp(app),
    origin,
    url: (captureId, pageHost, masked = false) => origin(pageHost) + signer.sign(`/${masked ? 'masked' : 'html'}/${encodeURIComponent(captureId)}`),
  };
}

/** On every answer, errors included. No cookie is ever set here. */
function harmless(reply: FastifyReply): void {
  void reply.headers({
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; sandbox",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    // Chromium looks up the names of links ahead of a click; a name can tell that the mail was opened.
    'x-dns-prefetch-control': 'off',
    'x-robots-tag': 'noindex, nofollow',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  });
}

function plain(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').send(`${text}\n`);
}

/** An IPv6 literal is no CSP host source (CSP 3, section 2.3.1): browsers complain and ignore it, so it is left out. */
function ancestors(origins: readonly string[]): string {
  return origins.filter((origin) => !origin.includes('[')).join(' ') || "'none'";
}

function maskedHtml(html: string, { recipients }: Capture, safe: Safe = { emails: [], phones: [], devices: [] }): string {
  const shown = shownBy(safe);
  return maskText(html, { shown, known: knownOf(recipients, shown) });
}

/** What enrichment found, else the field of the API call. */
function htmlOf(capture: Capture): string | null {
  if (capture.content?.html) return capture.content.html;
  if (capture.decoded.kind !== 'effects') return null;
  const html = capture.decoded.effects.map((effect) => effect['html']).find((value) => typeof value === 'string' && value !== '');
  return typeof html === 'string' ? html : null;
}

function mediaType(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase();
}

/** The name in a Host header, null unless it is a plain name or address. */
function hostName(host: string | undefined): string | null {
  return /^([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d+)?$/i.exec(host ?? '')?.[1] ?? null;
}

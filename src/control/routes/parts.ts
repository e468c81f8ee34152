import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Capture } from '../../model/capture.ts';
import { subjectOf } from '../access/answers.ts';
import type { ControlApp } from '../app.ts';
import { notFound } from '../problem.ts';
import { idParameter, oneOf, strict } from '../schemas.ts';
import type { RouteContext } from './context.ts';

const bytes = Type.Unsafe<Buffer>(Type.String({ format: 'binary' }));

/** Bytes of a capture. Nothing captured is ever answered in a form that a browser would show on this origin. */
export function partRoutes(app: ControlApp, { options, storeOf, callerOf, note }: RouteContext): void {
  const found = async (request: FastifyRequest, id: string): Promise<Capture> => {
    const capture = await storeOf(request).capture(id);
    if (capture === null) throw notFound(`no capture ${id}`);
    if (callerOf(request).noted) await note(request, 'read', subjectOf(request), { captures: [capture.id], count: 1 });
    return capture;
  };

  app.get('/api/captures/:id/raw', {
    schema: {
      tags: ['captures'], summary: 'The message or body as it arrived; redacted spans are in X-Fourthwall-Redactions and in the capture',
      params: idParameter,
      querystring: Type.Object({ part: Type.Optional(oneOf('request', 'reply')) }, strict),
      response: { 200: bytes },
    },
  }, async (request, reply) => {
    const capture = await found(request, request.params.id);
    const part = request.query.part ?? 'request';
    const content = part === 'request' ? await storeOf(request).requestBody(capture.id) : await storeOf(request).replyBody(capture.id);
    if (content === null) throw notFound(`capture ${capture.id} has no ${part} body`);
    const mail = part === 'request' && capture.request.kind === 'mail';
    const spans = capture.redactions.filter(({ where }) => where === `${part}.body`).map(({ offset, length, kind }) => `${offset}+${length};${kind}`);
    return reply
      .header('content-disposition', `attachment; filename="${capture.id}${mail ? '.eml' : '.bin'}"`)
      .header('x-fourthwall-redactions', spans.join(', '))
      .type(mail ? 'message/rfc822' : 'application/octet-stream')
      .send(Buffer.from(content));
  });

  app.get('/api/captures/:id/text', {
    schema: { tags: ['captures'], summary: 'The text of the message', params: idParameter, response: { 200: Type.String() } },
  }, async (request, reply) => {
    const capture = await found(request, request.params.id);
    const text = capture.content?.text ?? textOfEffects(capture);
    if (text === null) throw notFound(`capture ${capture.id} has no text${capture.enrichment === 'pending' ? ' yet: its content is still being read' : ''}`);
    // known to be this capture's recipients, they are found in spellings that nobody else's would be
    const { recipients } = capture;
    const { text: shown } = (request.mask?.({ recipients, text }) ?? { text }) as { readonly text: string };
    return reply.type('text/plain; charset=utf-8').send(shown);
  });

  app.get('/api/captures/:id/html', {
    schema: { tags: ['captures'], summary: 'Redirects to the preview origin, the only place where captured HTML is shown', params: idParameter, response: { 302: Type.Null() } },
  }, async (request, reply) => {
    const capture = await found(request, request.params.id);
    const url = options.previewUrl(capture.id, request.headers.host, callerOf(request).masked);
    if (url === null) throw notFound('no preview origin is open (--preview-port off), and captured HTML is shown nowhere else');
    return reply.redirect(url, 302);
  });

  app.get('/api/captures/:id/attachments/:n', {
    schema: {
      tags: ['captures'], summary: 'An attachment, always as a download',
      params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }), n: Type.Integer({ minimum: 0, maximum: 100_000 }) }, strict),
      response: { 200: bytes },
    },
  }, async (request, reply) => {
    const { id, n } = request.params;
    const capture = await found(request, id);
    const attachment = await storeOf(request).attachment(capture.id, n);
    if (attachment === null) throw notFound(`capture ${capture.id} has no attachment ${n}`);
    return reply
      .header('content-disposition', `attachment; filename="${capture.id}-${n}.bin"${named(attachment.filename)}`)
      .type('application/octet-stream')
      .send(Buffer.from(attachment.content));
  });
}

/** RFC 8187. Directory parts are dropped; what is not a plain character is percent-encoded, so nothing leaves the field. */
function named(filename: string | null): string {
  const base = (filename ?? '').split(/[/\\]/).at(-1)?.replace(/\p{C}/gu, '').slice(0, 200) ?? '';
  if (base === '' || base === '.' || base === '..') return '';
  return `; filename*=UTF-8''${encodeURIComponent(base.toWellFormed()).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)}`;
}

/** The text fields of the effects themselves: an SMS, a push, the mail of an API call. */
function textOfEffects({ decoded }: Capture): string | null {
  if (decoded.kind !== 'effects') return null;
  const texts = decoded.effects.map((effect) => effect['text']).filter((text) => typeof text === 'string');
  return texts.length === 0 ? null : texts.join('\n\n');
}

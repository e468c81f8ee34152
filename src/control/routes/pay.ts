import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import type { HostedPages } from '../../model/hosted-page.ts';
import { badInput, Problem } from '../problem.ts';
import { noSuchPage, payPage, payPolicy, type PayView } from '../pay-page.ts';

const path = '/pay/:token';
const bodyLimit = 1_024;

/**
 * Where a payer pays, approves or authenticates. Staging's browsers open it, so it asks for no token of the control plane: the signed one in its
 * path is the only key (guard.ts holds its form to its own origin). It reads nothing but the form's `choice`, and calls nobody.
 */
export function payRoutes(pages: HostedPages): FastifyPluginAsync {
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit }, (_request, body, done) => done(null, body));

    app.get<{ Params: { token: string }; Querystring: { step?: string } }>(path, { schema: { hide: true } }, async (request, reply) => {
      const { token } = request.params;
      const page = await pages.show(token);
      return page === null ? unknown(reply) : show(reply, 200, { token, page, authenticating: request.query.step === '3ds', says: null });
    });

    app.post<{ Params: { token: string } }>(path, { schema: { hide: true } }, async (request, reply) => {
      const { token } = request.params;
      const answer = await pages.choose(token, choiceIn(request.body));
      switch (answer.kind) {
        case 'unknown': return unknown(reply);
        case 'refused': return show(reply, 409, { token, page: answer.page, authenticating: false, says: answer.why });
        case 'chosen': return answer.goTo === null ? show(reply, 200, { token, page: answer.page, authenticating: false, says: answer.says }) : html(reply).redirect(answer.goTo, 303);
      }
    });

    app.route({
      method: ['PUT', 'PATCH', 'DELETE', 'OPTIONS'], url: path, schema: { hide: true },
      onRequest: async (_request, reply) => {
        void reply.header('allow', 'GET, HEAD, POST');
        throw new Problem(405, 'Method not allowed', 'a payment page is read by GET and chosen on by POST');
      },
      handler: async () => undefined,
    });
  };
}

/** Exactly one, as our own form sends it. */
function choiceIn(body: unknown): string {
  const fields = [...new URLSearchParams(typeof body === 'string' ? body : '')];
  const [first] = fields;
  if (fields.length !== 1 || first?.[0] !== 'choice') throw badInput('choice', 'the form of a payment page has this one field');
  return first[1];
}

function unknown(reply: FastifyReply): FastifyReply {
  return html(reply).code(404).send(noSuchPage());
}

function show(reply: FastifyReply, status: number, view: PayView): FastifyReply {
  return html(reply).code(status).send(payPage(view));
}

/**
 * The token in the address is a key: it is told to no other site. Its own form has to say where it comes from, which 'no-referrer' would hide.
 * An application may have opened the page in a window of its own, and hears from it when the payer is back.
 */
function html(reply: FastifyReply): FastifyReply {
  return reply.header('content-security-policy', payPolicy).header('referrer-policy', 'same-origin').header('cross-origin-opener-policy', 'unsafe-none').type('text/html; charset=utf-8');
}

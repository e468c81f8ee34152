import type { ConnectAttempt, HttpRequest, HttpResponse, MailTransaction, Reply, SmtpReply, Unreadable } from '../model/exchange.ts';
import type { GatewayFault } from '../model/gateway.ts';
import type { Origin } from '../model/origin.ts';
import type { Decoded } from '../model/side-effect.ts';
import type { Refusal } from '../model/decision.ts';
import { excessOf } from '../providers/wire/output-budget.ts';
import { unreadableBody } from '../providers/wire/unreadable-body.ts';
import type { Call, House, Voice } from './call.ts';
import { problem, smtpRefusal, unavailableHttp, unavailableSmtp } from './refusal.ts';

type Doors = Pick<House, 'claims' | 'mail' | 'logger'>;

export function httpCall(house: Doors, request: HttpRequest, origin: Origin): Call<HttpResponse> {
  const { host, port } = request.authority;
  const provider = house.claims.claim(host, port);
  const decoded: Decoded = provider === null
    ? { kind: 'unrecognized', why: `no provider claims ${host}:${port}` }
    : understood(house, provider.name, () => withPlainSubject(provider.name, provider.decode(request)));
  return {
    protocol: 'http',
    request,
    origin,
    target: { scheme: request.scheme, host, port, method: request.method, path: request.path },
    provider: provider === null ? null : { name: provider.name, channels: provider.channels },
    decoded,
    ...(provider?.recalled === undefined ? {} : { recalled: (context) => provider.recalled!(request, decoded, context) }),
    account: provider === null ? null : safely(() => provider.account(request), null),
    fault: provider !== null && decoded.kind === 'unrecognized' ? unreadableBody(request) : null,
    voice: {
      refuse: (refusal) => provider === null ? refusedHost(refusal) : safely(() => provider.reject(request, refusal), refusedHost(refusal)),
      unavailable: unavailableHttp,
      simulate: provider === null || decoded.kind === 'unrecognized' ? null
        : (context) => provider.simulate(request, decoded, context),
      unsimulated,
      ...(provider?.later === undefined || decoded.kind === 'unrecognized' ? {} : {
        later: (event, reply, context) => provider.events?.includes(event.name) === true ? provider.later!(event, { request, decoded, reply }, context) : Promise.resolve({}),
      }),
    },
  };
}

export function mailCall(house: Doors, transaction: MailTransaction, origin: Origin): Call<SmtpReply> {
  const decoded = understood(house, house.mail.name, () => house.mail.decode(transaction));
  return {
    protocol: 'smtp',
    request: transaction,
    origin,
    target: null,
    provider: { name: house.mail.name, channels: house.mail.channels },
    decoded,
    account: null,
    fault: null,
    voice: {
      refuse: (refusal) => safely(() => house.mail.reject(transaction, refusal), smtpRefusal(refusal)),
      unavailable: unavailableSmtp,
      simulate: decoded.kind === 'unrecognized' ? null : (context) => house.mail.simulate(transaction, decoded, context),
      unsimulated: (refusal) => ({ kind: 'smtp', code: 250, enhanced: '2.0.0', text: `captured ${refusal.capture}` }),
    },
  };
}

export function connectCall(house: Doors, attempt: ConnectAttempt, origin: Origin): Call<HttpResponse> {
  const target = attempt.authority;
  const provider = target === null ? null : house.claims.claim(target.host, target.port);
  return {
    protocol: 'connect',
    request: attempt,
    origin,
    target: target === null ? null : { scheme: 'https', host: target.host, port: target.port, method: null, path: null },
    provider: provider === null ? null : { name: provider.name, channels: provider.channels },
    decoded: { kind: 'unrecognized', why: target === null ? 'no usable target was named' : `no provider claims ${target.host}:${target.port}` },
    account: null,
    fault: target === null ? { check: 'unreadable', status: 400, reason: 'the tunnel names no usable target; CONNECT takes host:port' } : null,
    voice: { refuse: refusedHost, unavailable: unavailableHttp, simulate: null, unsimulated },
  };
}

export function unreadableCall(what: Unreadable, fault: GatewayFault, origin: Origin): Call<HttpResponse | SmtpReply> {
  const voice: Voice<Reply> = what.protocol === 'smtp'
    ? {
      refuse: (refusal) => ({
        ...smtpRefusal(refusal),
        ...(fault.status === 413 ? { code: 552, enhanced: '5.3.4' } : { code: 554, enhanced: '5.6.0' }),
      }),
      unavailable: unavailableSmtp, simulate: null, unsimulated: smtpRefusal,
    }
    : {
      refuse: (refusal) => problem(fault.status, 'Refused', refusal),
      unavailable: unavailableHttp, simulate: null, unsimulated,
    };
  return {
    protocol: what.protocol,
    request: what,
    origin,
    target: null,
    provider: null,
    decoded: { kind: 'unrecognized', why: fault.reason },
    account: null,
    fault,
    voice,
  };
}

const refusedHost = (refusal: Refusal): HttpResponse => problem(403, 'Refused by policy', refusal);

const unsimulated = (refusal: Refusal): HttpResponse =>
  problem(501, 'Captured, but nobody here can answer it', refusal);

/** 'Your order' and below it 'Bcc: ann@shop.test': whether a vendor writes it so into the mail cannot be known. */
function withPlainSubject(provider: string, decoded: Decoded): Decoded {
  const goesOn = decoded.kind === 'effects' && decoded.effects.some((effect) => effect.channel === 'email' && /[\r\n][!-9;-~]{1,70}[ \t]*:/.test(effect.subject ?? ''));
  return goesOn ? { kind: 'unrecognized', why: `${provider}: the subject goes on as another header` } : decoded;
}

/** Containment: a decoder that throws has understood nothing. */
function understood(house: Doors, provider: string, decode: () => Decoded): Decoded {
  try {
    const decoded = decode();
    if (decoded.kind !== 'effects') return decoded;
    if (decoded.effects.length === 0) return { kind: 'unrecognized', why: `${provider} decoded no effect` };
    const excess = excessOf(decoded.effects);
    return excess === null ? decoded : { kind: 'unrecognized', why: `${provider}: ${excess}` };
  } catch (error) {
    house.logger.error({ err: error, provider }, 'a provider threw while decoding');
    return { kind: 'unrecognized', why: `the decoder of ${provider} failed` };
  }
}

function safely<T>(attempt: () => T, otherwise: T): T {
  try {
    return attempt();
  } catch {
    return otherwise;
  }
}

import type { HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { answerBot, answerSend, failed } from './answers.ts';
import { addressed, readCall } from './call.ts';
import { decodeCall, unrecognized } from './effect.ts';
import { ofTheBot, reaching, reads } from './methods.ts';
import { events, later, sign } from './updates.ts';

/** Telegram's Bot API. The token stands in the path: nothing here says a path again. https://core.telegram.org/bots/api */
export const telegram = {
  name: 'telegram',
  channels: ['chat'],
  about: {
    operations: [...reaching.keys(), ...ofTheBot.keys(), ...reads.keys()],
    fidelity: 'everything that is sent, edited, copied, forwarded or deleted in a chat; texts come back without entities, edits are not compared, files cannot be fetched, no updates come by getUpdates; stories, gifts, stickers and stars are not simulated',
    verified: { sdk: 'grammy', version: '1.46.0', date: '2026-11-21' },
  },
  hosts: [{ host: 'api.telegram.org' }],

  /** The bot's own number: it stays when the token is changed, and says nothing secret. */
  account(request) {
    const to = addressed(request);
    return to === null ? null : `${to.bot}${to.test ? ' test' : ''}`;
  },

  decode(request): Decoded {
    const call = readCall(request);
    return call.kind === 'unreadable' ? unrecognized(call.why) : decodeCall(call);
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const call = readCall(request);
    if (call.kind === 'unreadable') return { reply: failed(404, 'Not Found') };
    return reaching.has(call.method) ? answerSend(call, context) : answerBot(call, context);
  },

  /** 403 is what Telegram says where a bot may not write to somebody; no SDK retries it. */
  reject(_request, { rule, reason, capture }) {
    return failed(403, `Forbidden: ${rule}: ${reason} (refused by the staging gateway, capture ${capture})`);
  },

  events,
  later,
  sign,
} as const satisfies HttpProvider;

import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { discordError, unauthorized } from './error.ts';
import { messageRoutes } from './messages.ts';
import { callerOfRequest, routed } from './route.ts';
import { userRoutes } from './users.ts';

const routes = [...messageRoutes, ...userRoutes];

/** Discord: webhooks, and messages of bots by REST. https://docs.discord.com/developers/reference */
export const discord = {
  name: 'discord',
  channels: ['chat'],
  about: {
    operations: routes.map(({ operation }) => operation),
    fidelity: 'messages by webhook and by bot, with files, and direct messages; people, channels and servers are made up as they are asked for, and allowed_mentions takes nobody off the list; no gateway (websocket), interactions, threads, reactions, commands, changes of webhooks, channels and servers, and no events: Discord tells nobody of deliveries',
    verified: { sdk: 'discord.js', version: '14.28.1', date: '2026-11-21' },
  },
  hosts: ['discord.com', 'canary.discord.com', 'ptb.discord.com', 'discordapp.com', 'canary.discordapp.com', 'ptb.discordapp.com'].map((host) => ({ host })),
  account: callerOfRequest,

  decode(request): Decoded {
    const found = routed(routes, request);
    if (found.kind === 'unreadable') return unrecognized(found.why);
    const { route, call } = found;
    if (route.effect === undefined) return { kind: 'read', operation: route.operation, liveness: 'unknown' };
    const effect = route.effect(call);
    return 'why' in effect ? unrecognized(`${route.operation}: ${effect.why}`) : { kind: 'effects', effects: [effect] };
  },

  /** Direct messages that were opened here: who reads them is known, and is told. */
  async recalled(_request, decoded, context): Promise<Decoded> {
    if (decoded.kind !== 'effects') return decoded;
    const effects = await Promise.all(decoded.effects.map(async (effect) => {
      const [first] = effect.recipients;
      const known = first?.role !== 'channel' ? null : (await context.recall('dm', first.address))?.value as { readonly user: string } | null | undefined;
      if (known === null || known === undefined || effect.recipients.some(({ address }) => address === known.user)) return effect;
      return { ...effect, recipients: [...effect.recipients, { address: known.user, kind: 'chat', role: 'user' } as const] };
    }));
    return { kind: 'effects', effects };
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed(routes, request);
    if (found.kind === 'unreadable') return { reply: discordError(404, 0, '404: Not Found') };
    if (isOfBot(request) && callerOfRequest(request) === null) return { reply: unauthorized };
    return found.route.answer({ ...found.call, context });
  },

  /** What Discord answers to a bot that may not; discord.js raises it at once. A 401 would make it forget its token. */
  reject(_request, { rule, reason, capture }) {
    return discordError(403, 50_013, `Missing Permissions: ${rule}: ${reason} (refused by the staging gateway, capture ${capture})`);
  },
} as const satisfies HttpProvider;

function isOfBot({ path }: HttpRequest): boolean {
  return !/^\/api(?:\/v[0-9]{1,2})?\/webhooks\//.test(path);
}

function unrecognized(why: string): Decoded {
  return { kind: 'unrecognized', why: `Discord ${why}` };
}

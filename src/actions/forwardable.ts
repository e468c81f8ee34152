import type { ForwardPlan } from '../model/decision.ts';
import type { Request } from '../model/exchange.ts';

/**
 * Why this call may not leave as it is although a rule says so; null when it may. A path that two programs could read
 * differently is never sent: the one asked about might not be the one that is served (reliability.md §2, path tricks).
 */
export function unforwardable(request: Request, plan: ForwardPlan): string | null {
  if (request.kind !== 'http') return `a ${request.kind} call cannot be forwarded: this gateway has no relay for it`;
  if (plan.via !== null) return `the rule forwards via ${plan.via}, but a relay carries mail only`;
  if (plan.rewrites.length > 0) return `the rule rewrites ${plan.rewrites.map(({ kind }) => kind).join(', ')}, which cannot be applied to this call`;
  if (/%2f|%5c|%00|%2e|\\|\/\/|\/\.\.?(\/|$)/i.test(request.path)) {
    return `the path ${request.path} can be read in more than one way; send it in its plain form`;
  }
  if (!/^\/[\x21-\x7e]*$/.test(request.path)) return `the path ${JSON.stringify(request.path)} has bytes that must be percent-encoded`;
  return null;
}

import type { ForwardPlan } from '../model/decision.ts';
import type { Request } from '../model/exchange.ts';

/** Why this call may not leave at all although a rule says so; null when it may. */
export function unforwardable(request: Request, plan: ForwardPlan): string | null {
  if (request.kind === 'mail') return plan.via === null ? 'mail leaves via a relay only, and the rule names none' : null;
  if (request.kind !== 'http') return `a ${request.kind} call cannot be forwarded`;
  if (plan.via !== null) return `the rule forwards via ${plan.via}, but a relay carries mail by SMTP only`;
  return onePath(request.path);
}

/**
 * Why the path is not sent, null when it is. One that two programs could read differently never is: the one asked about
 * might not be the one that is served (reliability.md §2, path tricks).
 */
export function onePath(path: string): string | null {
  if (/%2f|%5c|%00|%2e|\\|\/\/|\/\.\.?(\/|$)/i.test(path)) return `the path ${path} can be read in more than one way; send it in its plain form`;
  return /^\/[\x21-\x7e]*$/.test(path) ? null : `the path ${JSON.stringify(path)} has bytes that must be percent-encoded`;
}

import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Simulation, SimulationContext } from '../../model/provider.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Attachment, Chat } from '../../model/side-effect.ts';
import { leaves } from '../wire/unknown-fields.ts';
import { strangers } from '../wire/strangers.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { misspelt, unknownArguments } from './arguments.ts';
import type { Arguments } from './arguments.ts';

/** One method of the Web API. Without `reaches` it only reads. */
export interface Method {
  readonly name: string;
  /** every argument Slack documents, besides token and team_id */
  readonly takes: readonly string[];
  readonly reaches?: (args: Arguments) => Reached | Unread;
  readonly answer: (call: MethodCall) => Promise<Simulation<HttpResponse>>;
}

export interface MethodCall {
  readonly args: Arguments;
  readonly request: HttpRequest;
  readonly context: SimulationContext;
  /** whose token it is, by a name from which the token cannot be told */
  readonly caller: string;
}

export interface Reached {
  readonly recipients: readonly Addressee[];
  readonly from?: string | null;
  readonly text?: string | null;
  readonly attachments?: readonly Attachment[];
  readonly keys?: Chat['keys'];
}

/** Whom and what a call of a method would reach, with whoever else is named where Slack has no argument. */
export function effectOf({ name, takes, reaches }: Method, args: Arguments): Chat | Unread | null {
  const odd = misspelt(args, takes);
  if (odd !== null) return unreadable(`argument '${odd.slice(0, 40)}' is not spelt as Slack spells it`);
  if (reaches === undefined) return null;
  const reached = reaches(args);
  if ('kind' in reached) return reached;
  const { recipients, from = null, text = null, attachments = [], keys = [] } = reached;
  return chat(name, { recipients: [...recipients, ...strangers(leaves(unknownArguments(args, takes), 'arguments'), recipients)], from, text, attachments, keys });
}

export function chat(operation: string, { recipients, from = null, text = null, attachments = [], keys = [] }: Reached): Chat {
  return { channel: 'chat', provider: 'slack', operation, liveness: 'unknown', recipients, keys, from, text, attachments };
}

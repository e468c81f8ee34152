import { createHash } from 'node:crypto';
import type { SimulationContext } from '../../model/provider.ts';

/** An id that is the same for the same thing: a channel is asked for by name now and by id later. */
export function idFor(prefix: 'B' | 'C' | 'D' | 'T' | 'U', thing: string): string {
  const digits = BigInt(`0x${createHash('sha256').update(thing).digest('hex').slice(0, 16)}`).toString(36).toUpperCase().padStart(10, '0');
  return `${prefix}0${digits.slice(-9)}`;
}

/** '1503435956.000247': the second, and a number that tells messages of a second apart. */
export function timestamp(context: SimulationContext): string {
  const ms = String(context.now % 1000).padStart(3, '0');
  return `${Math.floor(context.now / 1000)}.${ms}${context.id('', { length: 3, alphabet: 'digits' })}`;
}

export function freshId(context: SimulationContext, prefix: 'F' | 'Q'): string {
  return `${prefix}0${context.id('', { length: 9 }).toUpperCase()}`;
}

export interface Conversation { readonly id: string; readonly name: string | null; readonly direct: boolean }

/** '#orders' and 'C024BE91L' are a channel, 'U024BE7LH' and '@ann' a person's direct messages, 'D…' those by their own id. */
export function conversationOf(channel: string): Conversation {
  if (/^D[A-Z0-9]{2,}$/.test(channel)) return { id: channel, name: null, direct: true };
  if (isUser(channel)) return { id: idFor('D', channel), name: null, direct: true };
  if (/^[CG][A-Z0-9]{1,}$/.test(channel)) return { id: channel, name: null, direct: false };
  const name = channel.replace(/^#/, '');
  return { id: idFor('C', name), name, direct: false };
}

export function isUser(channel: string): boolean {
  return /^(?:[UW][A-Z0-9]{2,}|@.+)$/.test(channel);
}

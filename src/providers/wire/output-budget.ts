import type { Addressee } from '../../model/recipient.ts';
import type { SideEffect } from '../../model/side-effect.ts';

const MiB = 1024 * 1024;
/** What one decoded call may come to. Vendors' own limits lie far below (SendGrid: 1,000 recipients, 30 MB). */
const most = { effects: 10_000, recipients: 10_000, text: 32 * MiB, scanned: 512 * MiB } as const;

/**
 * Counts what a call is decoded to while that is being made, so that a short call that stands for very much is given up
 * before it fills the memory. Null: it still fits. Otherwise why not: the call is unrecognized then, never cut down.
 */
export interface OutputBudget {
  /** a long text (mail, message) or file that effects share counts once */
  readonly take: (effect: SideEffect<Addressee>) => string | null;
  /** the text with every tag replaced, counted; null where text or work are more than there may be */
  readonly render: (text: string, values: Iterable<readonly [tag: string, value: string]>) => string | null;
}

export const tooMuchText = `it stands for more than ${most.text / MiB} MiB of text`;

export function createOutputBudget(): OutputBudget {
  const seen = new Set<unknown>();
  const held = { effects: 0, recipients: 0, text: 0, scanned: 0 };
  const weigh = (value: unknown): void => {
    if (held.text > most.text) return;
    if (typeof value === 'string') held.text += value.length;
    else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
      for (const [name, item] of Object.entries(value)) {
        held.text += name.length + 8;
        weigh(item);
      }
    }
  };
  const once = (value: unknown): void => {
    if (seen.has(value)) return;
    seen.add(value);
    weigh(value);
  };
  return {
    take(effect) {
      held.effects += 1;
      held.recipients += effect.recipients.length;
      const { text = null, html = null, attachments = [], recipients: _recipients, ...rest } = { text: null, html: null, attachments: [], ...effect };
      for (const shared of [text, html, attachments]) once(shared);
      weigh(rest);
      if (held.effects > most.effects) return `it stands for more than ${most.effects} messages`;
      if (held.recipients > most.recipients) return `it reaches more than ${most.recipients} recipients`;
      return held.text > most.text ? tooMuchText : null;
    },
    render(text, values) {
      let out = text;
      for (const [tag, value] of values) {
        if (tag === '') continue;
        held.scanned += out.length;
        if (held.scanned > most.scanned) return null;
        const pieces = out.split(tag);
        if (out.length + (pieces.length - 1) * (value.length - tag.length) > most.text - held.text) return null;
        if (pieces.length > 1) out = pieces.join(value);
      }
      if (out === text) return text;
      // Each is a text of its own in memory, also where two read the same.
      held.text += out.length;
      seen.add(out);
      return out;
    },
  };
}

/** Why a decoded call is too much to be recorded and judged; null where it is not. */
export function excessOf(effects: readonly SideEffect<Addressee>[]): string | null {
  const { take } = createOutputBudget();
  for (const effect of effects) {
    const why = take(effect);
    if (why !== null) return why;
  }
  return null;
}

import type { StoredDecoded } from '../model/capture.ts';
import type { Bytes } from '../model/bytes.ts';
import type { ReadingJob } from './reading.ts';

type Effect = Readonly<Record<string, unknown>>;

/** fields of an effect that hold words, by what they are read as (model/side-effect.ts) */
const textFields = ['text', 'script', 'description', 'title'] as const;

/** What is to be read of a capture; null when it says nothing to anybody. */
export function jobOf(capture: { readonly request: { readonly kind: string }; readonly decoded: StoredDecoded }, body: Bytes | null): ReadingJob | null {
  const effects = effectsOf(capture.decoded);
  const from = effects.map((effect) => effect['from']).find((sender) => typeof sender === 'string') ?? null;
  const recipients = effects.reduce((sum, effect) => sum + (Array.isArray(effect['recipients']) ? effect['recipients'].length : 0), 0);
  if (capture.request.kind === 'mail') return body === null ? null : { kind: 'mime', message: body, from, recipients };
  const job = { kind: 'words', from, recipients, subject: words(effects, ['subject']), text: words(effects, textFields), html: words(effects, ['html']) } as const;
  return job.subject === null && job.text === null && job.html === null ? null : job;
}

function effectsOf(decoded: StoredDecoded): readonly Effect[] {
  return decoded.kind === 'effects' ? decoded.effects : [];
}

/** Each different text once: a mailing has the same one for every recipient. */
function words(effects: readonly Effect[], fields: readonly string[]): string | null {
  const found = new Set(effects.flatMap((effect) => fields.map((field) => effect[field])).filter((value) => typeof value === 'string' && value !== ''));
  return found.size === 0 ? null : [...found].join('\n');
}

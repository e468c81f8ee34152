import type { CaptureDraft } from '../model/capture.ts';

/** Shorter texts are kept with every effect, as they are. */
const short = 1024;

/**
 * A mail merge says one long text to a thousand people: kept with the first effect, and not again with those after it that
 * say the same. They carry `sameAs`, the place of that first effect in the list, and null where the text would stand.
 */
export function saidOnce(draft: CaptureDraft): CaptureDraft {
  if (draft.decoded.kind !== 'effects' || draft.decoded.effects.length < 2) return draft;
  const [first] = draft.decoded.effects;
  if (first?.channel !== 'email') return draft;
  const again = (mine: string | null, its: string | null): boolean => mine !== null && mine.length > short && mine === its;
  const effects = draft.decoded.effects.map((effect, at) => {
    if (at === 0 || effect.channel !== 'email') return effect;
    const [text, html] = [again(effect.text, first.text), again(effect.html, first.html)];
    return text || html ? { ...effect, text: text ? null : effect.text, html: html ? null : effect.html, sameAs: 0 } : effect;
  });
  return { ...draft, decoded: { kind: 'effects', effects } };
}

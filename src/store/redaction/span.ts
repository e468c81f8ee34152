import type { Redaction } from '../../model/capture.ts';

/** A stretch of characters to be cut out: [start, end). */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly kind: Redaction['kind'];
  /** up to 8 characters that tell the sort and not the secret */
  readonly hint: string;
}

/** In order, overlapping ones joined. */
export function joined(spans: readonly Span[]): readonly Span[] {
  const sorted = spans.filter(({ start, end }) => end > start).sort((left, right) => left.start - right.start || right.end - left.end);
  const out: Span[] = [];
  for (const span of sorted) {
    const last = out.at(-1);
    if (last === undefined || span.start >= last.end) out.push(span);
    else if (span.end > last.end) out[out.length - 1] = { ...last, end: span.end };
  }
  return out;
}

/** The text with every span replaced by asterisks, at equal length. */
export function masked(text: string, spans: readonly Span[]): string {
  let out = '';
  let from = 0;
  for (const { start, end } of joined(spans)) {
    out += text.slice(from, start) + '*'.repeat(end - start);
    from = end;
  }
  return out + text.slice(from);
}

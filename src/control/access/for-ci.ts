import type { Capture } from '../../model/capture.ts';

const withheld = { encoding: 'none', data: '', truncated: true, href: null, withheld: 'role ci reads no bodies' } as const;
/** Fields of an effect in which a message says what it says. */
const words: ReadonlySet<string> = new Set(['text', 'html', 'data', 'script', 'template', 'attachments', 'media']);

/** A capture without what was written in it: ci judges, and takes codes and links from the summary. */
export function withoutBodies(capture: Capture): Capture {
  const { request, reply, decoded, content } = capture;
  return {
    ...capture,
    request: { ...request, body: { ...withheld, size: request.body.size }, ...request.kind === 'mail' ? { transcript: null } : {} },
    reply: reply === null || reply.kind === 'smtp' ? reply : { ...reply, body: { ...withheld, size: reply.body.size } },
    content: content === null ? null : { ...content, text: null, html: null },
    decoded: decoded.kind !== 'effects' ? decoded : { kind: 'effects', effects: decoded.effects.map((effect) => Object.fromEntries(Object.entries(effect).map(([name, value]) => [name, words.has(name) ? null : value]))) },
  };
}

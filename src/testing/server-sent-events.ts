export interface ServerSentEvent { readonly id: string | null; readonly event: string; readonly data: string }

/**
 * Reads an event stream (WHATWG HTML, 9.2.6). Ends when the connection does, however it ends: the caller resumes by
 * the last id. An event that was cut off is not given.
 */
export async function* readServerSentEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = '';
  try {
    for (;;) {
      const chunk = await reader.read().catch(() => null);
      if (chunk === null || chunk.done) return;
      const blocks = (rest + decoder.decode(chunk.value, { stream: true })).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = eventOf(block);
        if (event !== null) yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Null for comments and for settings such as `retry`. */
function eventOf(block: string): ServerSentEvent | null {
  const fields = block.split('\n').map((line) => /^([a-z]+): ?(.*)$/.exec(line)).filter((match) => match !== null);
  const data = fields.filter(([, name]) => name === 'data').map(([, , value]) => value ?? '');
  if (data.length === 0) return null;
  const last = (wanted: string): string | null => fields.findLast(([, name]) => name === wanted)?.[2] ?? null;
  return { id: last('id'), event: last('event') ?? 'message', data: data.join('\n') };
}

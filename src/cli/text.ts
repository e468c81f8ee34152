import type { CaptureSummary } from '../model/capture.ts';

/**
 * Captured text on a terminal: control characters could move the cursor, colour what follows or answer for the user, so
 * they are shown and not obeyed.
 */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, (character) => (character === '\n' || character === '\t' ? character : `\\u{${character.codePointAt(0)!.toString(16)}}`));
}

/** One line for a list: time, action, provider, recipients, title. */
export function captureLine(capture: CaptureSummary): string {
  const to = capture.recipients.map(({ address, standing }) => `${address}${standing === 'safe' ? '' : ` (${standing})`}`);
  const shown = to.length > 3 ? [...to.slice(0, 3), `and ${to.length - 3} more`] : to;
  return printable([
    capture.id, capture.at, capture.action.padEnd(7), capture.service, `${capture.provider} ${capture.operation ?? '?'}`,
    shown.length === 0 ? '' : `-> ${shown.join(', ')}`, JSON.stringify(capture.title),
    ...capture.findings.length === 0 ? [] : [`[${capture.findings.map(({ id }) => id).join(' ')}]`],
  ].filter((part) => part !== '').join('  ')).replaceAll('\n', ' ');
}

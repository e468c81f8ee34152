import type { Capture } from '../model/capture.ts';
import { captureLine, printable } from './text.ts';

/** A capture for reading: what it says, whom it would have reached, and why it was decided so. */
export function captureText(capture: Capture): string {
  const { decision, content, decoded } = capture;
  const text = content?.text ?? (decoded.kind === 'effects' ? decoded.effects.map((effect) => effect['text']).find((value) => typeof value === 'string') : null);
  return [
    captureLine(capture),
    `run        ${capture.run ?? '-'}`,
    `outcome    ${capture.outcome}`,
    `liveness   ${capture.liveness}`,
    ...decoded.kind === 'unrecognized' ? [`unread     ${printable(decoded.why)}`] : [],
    ...capture.amount === null ? [] : [`amount     ${capture.amount.text}`],
    ...capture.recipients.map(({ address, role, standing, why }) => `recipient  ${printable(address)} (${role}) is ${standing}: ${printable(why)}`),
    ...capture.findings.map(({ id, where, excerpt }) => `finding    ${id} in ${printable(where)}: ${printable(excerpt)}`),
    `decision   ${decision.action} by ${decision.rule}: ${printable(decision.reason)}`,
    ...decision.trace.map(({ rule, matched, because }) => `           ${matched === true ? 'matches ' : matched === false ? 'no match' : 'open    '}  ${rule}: ${printable(because)}`),
    ...typeof text === 'string' ? ['', printable(text.replaceAll('\r\n', '\n'))] : [],
  ].join('\n');
}

import type { ReactNode } from 'react';
import type { CaptureSummary } from '../../model/capture.ts';

export interface Badge { readonly word: string; readonly tone: 'calm' | 'left' | 'stopped' | 'doubt'; readonly says: string }

/** One word for what became of a call. What left, and what nobody can tell, must never look like what was kept. */
export function badgeOf({ action, outcome, direction }: Pick<CaptureSummary, 'action' | 'outcome' | 'direction'>): Badge {
  // Ours, not the application's: it went to a webhook of gateway.yaml, and nothing of the application left.
  if (direction === 'callback') {
    return outcome === 'forwarded' ? { word: 'told', tone: 'calm', says: 'A callback to a webhook of gateway.yaml, which took it' }
      : { word: 'not told', tone: 'doubt', says: 'A callback to a webhook of gateway.yaml, which did not take it' };
  }
  switch (outcome) {
    case 'unknown': return { word: 'unknown', tone: 'doubt', says: 'Nobody can tell whether it left: the gateway stopped in between' };
    case 'pending': return { word: 'pending', tone: 'doubt', says: 'On its way: the outcome is not known yet' };
    case 'failed': return { word: 'failed', tone: 'doubt', says: 'It was to leave and could not be delivered' };
    case 'forwarded': return { word: 'forwarded', tone: 'left', says: 'It left for its target, as the rule allows' };
    case 'relayed': return { word: 'relayed', tone: 'left', says: 'It left through a mail relay, as the rule allows' };
    case 'rejected': return { word: 'rejected', tone: 'stopped', says: 'It was refused with an error and reached nobody' };
    case 'captured': return action === 'forward'
      ? { word: 'forward', tone: 'left', says: 'To be forwarded' }
      : { word: 'captured', tone: 'calm', says: 'It was answered as the vendor would, and reached nobody' };
  }
}

export function ActionBadge({ capture }: { readonly capture: Pick<CaptureSummary, 'action' | 'outcome' | 'direction'> }): ReactNode {
  const badge = badgeOf(capture);
  return <span className="badge" data-tone={badge.tone} title={badge.says}>{badge.word}</span>;
}

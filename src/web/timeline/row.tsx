import { memo } from 'react';
import type { ReactNode } from 'react';
import type { CaptureSummary } from '../../model/capture.ts';
import type { Recipient } from '../../model/recipient.ts';
import { Link } from '../routing/location.tsx';
import { ActionBadge } from '../ui/action-badge.tsx';
import { ChannelIcon, Glyph } from '../ui/icons.tsx';
import { StandingMark } from '../ui/standing-mark.tsx';
import { Time } from '../ui/time.tsx';

interface RowProps {
  readonly capture: CaptureSummary;
  readonly to: string;
  readonly selected: boolean;
  readonly open: boolean;
  readonly top: number;
  readonly index: number;
  readonly total: number;
}

/** One capture, two lines, one link. */
export const Row = memo(function Row({ capture, to, selected, open, top, index, total }: RowProps): ReactNode {
  const danger = capture.findings.length;
  return (
    <li className="row" style={{ transform: `translateY(${top}px)` }} data-selected={selected} data-open={open} data-seen={capture.seen} aria-setsize={total} aria-posinset={index + 1}>
      <Link to={to} aria-current={open ? 'true' : undefined} data-capture={capture.id}>
        <ChannelIcon channel={capture.channel} />
        <span className="row-main">
          <span className="row-title">{capture.pinned && <Glyph name="pin" />}{capture.title || capture.operation || capture.provider}</span>
          <span className="row-people">
            {capture.from !== null && <span className="row-from">{capture.from}</span>}
            {capture.from !== null && capture.recipients.length > 0 && <span className="arrow" role="img" aria-label="to">→</span>}
            <Recipients recipients={capture.recipients} />
            {capture.recipients.length === 0 && capture.from === null && <span>by rule {capture.rule}</span>}
          </span>
        </span>
        <span className="row-origin">
          <span className="row-provider">{capture.provider}</span>
          <span className="row-service">{capture.service}{capture.run !== null && <span className="row-run"> · {capture.run}</span>}</span>
        </span>
        <span className="row-end">
          <span className="row-badges">
            {danger > 0 && <span className="finding-count" title={capture.findings.map((finding) => finding.title).join('\n')}><Glyph name="flag" />{danger}<span className="visually-hidden"> findings</span></span>}
            <ActionBadge capture={capture} />
          </span>
          <Time at={capture.at} />
        </span>
      </Link>
    </li>
  );
});

const severity = ['real', 'invalid', 'unknown', 'reserved', 'safe'] as const;

/** The most worrying first, so that a real customer among ninety-nine test addresses is the one that is seen. */
function Recipients({ recipients }: { readonly recipients: readonly Recipient[] }): ReactNode {
  const [worst, ...others] = recipients.toSorted((a, b) => severity.indexOf(a.standing) - severity.indexOf(b.standing));
  if (worst === undefined) return null;
  return (
    <>
      <span className="recipient" data-standing={worst.standing}><StandingMark standing={worst.standing} /><span className="address">{worst.address}</span></span>
      {others.length > 0 && <span className="more" title={others.slice(0, 20).map((other) => `${other.address}: ${other.standing}`).join('\n')}>+{others.length}</span>}
    </>
  );
}

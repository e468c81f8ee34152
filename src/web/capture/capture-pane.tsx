import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import type { Capture, CaptureSummary } from '../../model/capture.ts';
import { useMay } from '../access/me.ts';
import { getCapture, patchCapture } from '../api/client.ts';
import { useLoaded } from '../api/use-loaded.ts';
import { Link } from '../routing/location.tsx';
import { ActionBadge } from '../ui/action-badge.tsx';
import { ChannelIcon, Glyph } from '../ui/icons.tsx';
import { Notice } from '../ui/notice.tsx';
import { StandingMark } from '../ui/standing-mark.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { Time } from '../ui/time.tsx';
import { CaptureActions } from './capture-actions.tsx';
import { tabsFor } from './tabs-for.tsx';

interface PaneProps {
  readonly id: string;
  readonly query: URLSearchParams;
  readonly version: number;
  readonly onClose: () => void;
  readonly onChanged: (capture: CaptureSummary) => void;
  readonly onDeleted: (id: string) => void;
}

/** Everything about one capture. Opening it marks it seen. */
export function CapturePane({ id, version, onClose, onChanged, onDeleted }: PaneProps): ReactNode {
  const loaded = useLoaded(id, version, (signal) => getCapture(id, signal));
  const marked = useRef(false);
  const may = useMay();
  const capture = loaded.kind === 'ready' ? loaded.value : null;
  useEffect(() => {
    if (capture === null || capture.seen || marked.current || !may.note) return;
    marked.current = true;
    patchCapture(capture.id, { seen: true }).then(() => onChanged({ ...capture, seen: true }), () => { /* unseen is only bold in the list */ });
  }, [capture, onChanged, may.note]);
  return (
    <section className="pane" aria-label="Capture" data-capture={id}>
      {loaded.kind === 'ready'
        ? <Whole capture={loaded.value} onClose={onClose} onChanged={onChanged} onDeleted={onDeleted} />
        : <><div className="pane-bar"><CloseButton onClose={onClose} /></div><Notice loaded={loaded} what="The capture" /></>}
    </section>
  );
}

function CloseButton({ onClose }: { readonly onClose: () => void }): ReactNode {
  return <button type="button" className="button quiet" onClick={onClose} aria-label="Close the capture" title="Close (Escape)"><Glyph name="close" /></button>;
}

function Whole({ capture, onClose, onChanged, onDeleted }: { readonly capture: Capture } & Pick<PaneProps, 'onClose' | 'onChanged' | 'onDeleted'>): ReactNode {
  return (
    <>
      <div className="pane-bar">
        <ChannelIcon channel={capture.channel} />
        <span className="pane-where">{capture.provider}{capture.operation !== null && <> · {capture.operation}</>}</span>
        <CaptureActions capture={capture} onChanged={onChanged} onDeleted={onDeleted} />
        <CloseButton onClose={onClose} />
      </div>
      <header className="pane-head">
        <h2>{capture.title || capture.operation || capture.provider}</h2>
        <div className="pane-decision" data-tone={capture.action}>
          <ActionBadge capture={capture} />
          <span className="pane-reason"><code>{capture.rule}</code> {capture.decision.reason}</span>
        </div>
        <dl className="facts">
          {capture.from !== null && <div><dt>From</dt><dd>{capture.from}</dd></div>}
          {capture.recipients.length > 0 && <div><dt>To</dt><dd className="recipients">{capture.recipients.slice(0, 12).map((recipient) => (
            <Link key={`${recipient.role} ${recipient.address}`} to={`/?${new URLSearchParams({ recipient: recipient.address })}`} className="recipient" data-standing={recipient.standing} title={`${recipient.role}: ${recipient.why}`}><StandingMark standing={recipient.standing} />{recipient.address}</Link>
          ))}{capture.recipients.length > 12 && <span className="more">and {capture.recipients.length - 12} more, see Why</span>}</dd></div>}
          <div><dt>Sent by</dt><dd><Link to={`/?${new URLSearchParams({ service: capture.service })}`}>{capture.service}</Link>{capture.run !== null && <> in run <Link to={`/runs/${encodeURIComponent(capture.run)}`}>{capture.run}</Link></>} · <Time at={capture.at} form="full" /></dd></div>
          {(capture.keys.length > 0 || capture.person !== null) && <div><dt>Part of</dt><dd className="keys-line">
            {capture.keys.map((key) => <Link key={`${key.name}:${key.value}`} className="key" to={`/journeys/${encodeURIComponent(`${key.name}:${key.value}`)}`} title="Everything with this key">{key.name} <b>{key.value}</b></Link>)}
            {capture.person !== null && <Link className="key" to={`/persons/${encodeURIComponent(capture.person)}`} title="Everything for this person">this person</Link>}
          </dd></div>}
        </dl>
        {capture.findings.length > 0 && (
          <ul className="findings" aria-label="Findings">
            {capture.findings.map((finding, index) => <li key={`${finding.id} ${index}`}><Glyph name="flag" /><span><b>{finding.title}</b> <span className="dim">{finding.where}</span>{finding.excerpt !== '' && <code>{finding.excerpt}</code>}</span></li>)}
          </ul>
        )}
      </header>
      <Tabs label="Views of this capture" tabs={tabsFor(capture)} />
    </>
  );
}

import { useCallback, useEffect, useImperativeHandle, useRef, useState } from 'react';
import type { ReactNode, Ref } from 'react';
import type { Event } from '../../model/event.ts';
import { patchCapture } from '../api/client.ts';
import { CapturePane } from '../capture/capture-pane.tsx';
import { ConnectScreen } from '../connect/connect-screen.tsx';
import { go } from '../routing/location.tsx';
import { address, captureAddress } from '../routing/route.ts';
import { apiQuery } from '../search/filters.ts';
import { Sidebar } from '../search/sidebar.tsx';
import { countText } from '../ui/count-text.ts';
import { Glyph } from '../ui/icons.tsx';
import { Timeline } from './timeline.tsx';
import { useCaptures } from './use-captures.ts';

/** What the keyboard and the live feed ask of the timeline. */
export interface TimelineHandle {
  readonly take: (events: readonly Event[]) => void;
  readonly move: (step: 1 | -1) => void;
  readonly open: () => void;
  readonly close: () => void;
  readonly showNew: () => void;
  readonly toggleSeen: () => void;
}

interface TimelineScreenProps {
  readonly handle: Ref<TimelineHandle>;
  readonly open: string | null;
  readonly query: URLSearchParams;
  readonly version: number;
}

export function TimelineScreen({ handle, open, query, version }: TimelineScreenProps): ReactNode {
  const asked = apiQuery(query).toString();
  const captures = useCaptures(asked);
  const [chosen, choose] = useState<string | null>(null);
  const [drawer, setDrawer] = useState(false);
  // Grows when something happened to the capture that is open.
  const [touched, touch] = useState(0);
  const mayShow = useRef(() => true);
  const selected = open ?? chosen;
  const { items, held, showHeld, take, replace, forget } = captures;

  const close = useCallback(() => {
    if (drawer) setDrawer(false);
    else if (open !== null) { choose(open); go(address('/', query)); }
  }, [drawer, open, query]);

  useImperativeHandle(handle, () => ({
    take: (events) => {
      void take(events, () => mayShow.current());
      if (open !== null && events.some((event) => event.capture === open && event.kind !== 'recorded')) touch((n) => n + 1);
    },
    move: (step) => {
      const at = items.findIndex((item) => item.id === selected);
      const next = items[at === -1 ? 0 : Math.min(items.length - 1, Math.max(0, at + step))];
      if (next === undefined) return;
      choose(next.id);
      // With a capture open, the pane follows; that is no new place to go back to.
      if (open !== null) go(captureAddress(next.id, query), 'replace');
    },
    open: () => { if (selected !== null) go(captureAddress(selected, query)); },
    close,
    showNew: showHeld,
    toggleSeen: () => {
      const item = items.find((one) => one.id === selected);
      if (item === undefined) return;
      patchCapture(item.id, { seen: !item.seen }).then(() => replace({ ...item, seen: !item.seen }), () => { /* the row stays as it is, which says it */ });
    },
  }), [items, selected, open, query, take, close, showHeld, replace]);

  useEffect(() => { document.title = open === null ? 'Fourthwall' : `${items.find((item) => item.id === open)?.title ?? open} · Fourthwall`; }, [open, items]);

  const nothingAtAll = captures.state === 'ready' && items.length === 0 && asked === '' && held.length === 0;
  return (
    <div className="home" data-pane={open !== null} data-drawer={drawer}>
      <aside className="sidebar" aria-label="Filters"><Sidebar query={query} version={version} onChoose={() => { setDrawer(false); }} /></aside>
      {drawer && <button type="button" className="scrim" aria-label="Close the filters" onClick={() => { setDrawer(false); }} />}
      <main id="main" className="list-area">
        <h1 className="visually-hidden">Captures</h1>
        <div className="list-head">
          <button type="button" className="button small drawer-button" aria-expanded={drawer} onClick={() => { setDrawer(!drawer); }}><Glyph name="filter" />Filters</button>
          <span className="total" role="status">{captures.state === 'ready' ? captureCount(captures.total, captures.totalExact, asked !== '') : ' '}</span>
          {held.length > 0 && <button type="button" className="button new-pill" onClick={showHeld}>{held.length} new<span className="visually-hidden"> captures: show</span></button>}
        </div>
        {captures.state === 'failed' && <p className="notice failed" role="alert">The captures could not be loaded: {captures.why}</p>}
        {nothingAtAll ? <div className="scroll"><ConnectScreen version={version} first /></div>
          : captures.state === 'ready' && items.length === 0
            ? <p className="notice" role="status">No capture matches. {held.length === 0 && <a href="/">Show all</a>}</p>
            : <Timeline captures={captures} query={query} selected={selected} open={open} mayShow={mayShow} />}
      </main>
      {open !== null && <CapturePane key={open} id={open} query={query} version={touched} onClose={close} onChanged={replace} onDeleted={(id) => { forget(id); go(address('/', query), 'replace'); }} />}
    </div>
  );
}

function captureCount(total: number, exact: boolean, filtered: boolean): string {
  if (total === 1 && exact) return filtered ? '1 capture matches' : '1 capture';
  return `${countText(total, exact)} captures${filtered ? ' match' : ''}`;
}

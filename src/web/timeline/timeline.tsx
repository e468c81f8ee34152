import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import { captureAddress } from '../routing/route.ts';
import { Row } from './row.tsx';
import type { Captures } from './use-captures.ts';
import { rowsInView, scrollFor } from './window.ts';

export const rowHeight = 58;

interface TimelineProps {
  readonly captures: Captures;
  readonly query: URLSearchParams;
  readonly selected: string | null;
  readonly open: string | null;
  /** true while new rows may be put above without moving what the pointer is on */
  readonly mayShow: RefObject<() => boolean>;
}

export function Timeline({ captures, query, selected, open, mayShow }: TimelineProps): ReactNode {
  const list = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  const pointerInside = useRef(false);
  const { items, loadMore, more } = captures;
  // The row whose link is to get the focus once it is rendered: Enter then opens what j and k chose.
  const focusNext = useRef<string | null>(null);
  const chosenBefore = useRef(selected);

  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return undefined;
    const measure = (): void => { setView({ top: element.scrollTop, height: element.clientHeight }); };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    measure();
    return () => { observer.disconnect(); element.removeEventListener('scroll', measure); };
  }, []);

  useEffect(() => {
    mayShow.current = () => (list.current?.scrollTop ?? 0) < rowHeight && !pointerInside.current;
  }, [mayShow]);

  // Another question starts at the top.
  const asked = query.toString();
  useEffect(() => { list.current?.scrollTo({ top: 0 }); }, [asked]);

  // Who asks for what was held back wants to see it.
  const heldBefore = useRef(0);
  const heldNow = captures.held.length;
  useEffect(() => {
    if (heldBefore.current > 0 && heldNow === 0) list.current?.scrollTo({ top: 0 });
    heldBefore.current = heldNow;
  }, [heldNow]);

  const at = selected === null ? -1 : items.findIndex((item) => item.id === selected);
  useEffect(() => {
    const element = list.current;
    if (element === null || at < 0) return;
    element.scrollTop = scrollFor(at, { top: element.scrollTop, height: element.clientHeight, rowHeight });
    // Only a change of the selection scrolls, not a row that moved because others arrived.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [selected]);

  useEffect(() => {
    if (selected === chosenBefore.current) return;
    chosenBefore.current = selected;
    const active = document.activeElement;
    if (active === document.body || (list.current?.contains(active) ?? false)) focusNext.current = selected;
  }, [selected]);
  useEffect(() => {
    if (focusNext.current === null) return;
    const link = list.current?.querySelector<HTMLElement>(`a[data-capture="${CSS.escape(focusNext.current)}"]`);
    if (!link) return;
    focusNext.current = null;
    link.focus({ preventScroll: true });
  });

  const { first, last } = rowsInView({ ...view, rowHeight, count: items.length, overscan: 8 });
  const nearEnd = more && last >= items.length - 60;
  useEffect(() => { if (nearEnd) loadMore(); }, [nearEnd, loadMore, items.length]);

  return (
    <div className="timeline" ref={list} tabIndex={-1} data-testid="timeline" onPointerEnter={(event) => { pointerInside.current = event.pointerType === 'mouse'; }} onPointerLeave={() => { pointerInside.current = false; }}>
      <ol className="rows" aria-label="Captures, newest first" style={{ height: items.length * rowHeight }}>
        {items.slice(first, last).map((capture, offset) => (
          <Row key={capture.id} capture={capture} to={captureAddress(capture.id, query)} selected={capture.id === selected} open={capture.id === open} top={(first + offset) * rowHeight} index={first + offset} total={captures.totalExact ? captures.total : -1} />
        ))}
      </ol>
      {more && <p className="notice" role="status">Loading older captures …</p>}
      {!more && items.length > 0 && captures.state === 'ready' && <p className="notice end">{items.length === 1 ? 'No other' : `All ${items.length.toLocaleString()} shown`}{captures.oldestKept !== null && ` · kept since ${new Date(captures.oldestKept).toLocaleString()}`}</p>}
    </div>
  );
}

import { useEffect, useId, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode, RefObject } from 'react';
import { getCounts } from '../api/client.ts';
import type { CountBy } from '../api/client.ts';
import { Glyph } from '../ui/icons.tsx';
import { chipsOf, filterNames, isFilterName, knownValues, readTyped, withChip, withText, withoutChip } from './filters.ts';

const countable = new Set<string>(['channel', 'provider', 'service', 'run', 'action', 'outcome', 'standing', 'finding']);

/** Text and `name:value` filters. What is asked stands in the URL; this only edits it. */
export function SearchBox({ query, onQuery, input }: { readonly query: URLSearchParams; readonly onQuery: (next: URLSearchParams) => void; readonly input: RefObject<HTMLInputElement | null> }): ReactNode {
  const asked = query.get('q') ?? '';
  const [text, setText] = useState(asked);
  const [lastAsked, setLastAsked] = useState(asked);
  const [active, setActive] = useState(-1);
  const [focused, setFocused] = useState(false);
  const [values, setValues] = useState<{ readonly name: string; readonly values: readonly string[] } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const id = useId();

  // The URL changed from elsewhere (back, a link, a filter): show what it asks.
  if (asked !== lastAsked) {
    setLastAsked(asked);
    if (asked !== text.trim()) setText(asked);
  }

  const word = text.slice(text.search(/\S*$/));
  const colon = word.indexOf(':');
  const name = colon > 0 ? word.slice(0, colon) : null;
  const wanted = name !== null && countable.has(name) ? name as CountBy : null;
  useEffect(() => {
    if (wanted === null) return undefined;
    const abort = new AbortController();
    getCounts([wanted], new URLSearchParams(), abort.signal).then(
      ({ counts }) => setValues({ name: wanted, values: (counts[wanted] ?? []).map((count) => count.value) }), () => { /* completions are a help, never needed */ });
    return () => { abort.abort(); };
  }, [wanted]);

  const offers = focused ? offersFor(word, name, values?.name === name ? values.values : []) : [];

  const ask = (next: string): void => {
    clearTimeout(timer.current);
    const read = readTyped(next);
    setText(read.text);
    setLastAsked(read.text.trim());
    onQuery(withText(read.chips.reduce(withChip, query), read.text.trim()));
  };
  const type = (next: string): void => {
    setText(next);
    setActive(-1);
    clearTimeout(timer.current);
    // A filter still being typed is not asked for yet.
    if (/\S+:\S*$/.test(next)) return;
    timer.current = setTimeout(() => { ask(next); }, 250);
  };
  const complete = (offer: string): void => {
    const next = text.slice(0, text.length - word.length) + offer;
    setActive(-1);
    if (offer.endsWith(':')) setText(next);
    else ask(next);
    input.current?.focus();
  };
  const key = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'ArrowDown' && offers.length > 0) { event.preventDefault(); setActive((active + 1) % offers.length); }
    else if (event.key === 'ArrowUp' && offers.length > 0) { event.preventDefault(); setActive((active - 1 + offers.length) % offers.length); }
    else if (event.key === 'Enter') { event.preventDefault(); const offer = offers[active]; if (offer === undefined) ask(text); else complete(offer); }
    else if (event.key === 'Escape') { event.stopPropagation(); if (active >= 0) setActive(-1); else input.current?.blur(); }
    else if (event.key === 'Backspace' && text === '') { const last = chipsOf(query).at(-1); if (last !== undefined) onQuery(withoutChip(query, last)); }
  };

  return (
    <div className="search" role="search" onFocus={() => { setFocused(true); }} onBlur={(event) => { if (!event.currentTarget.contains(event.relatedTarget)) setFocused(false); }}>
      <Glyph name="search" />
      {chipsOf(query).map((chip) => (
        <button key={`${chip.name}:${chip.value}`} type="button" className="chip" onClick={() => { onQuery(withoutChip(query, chip)); }} aria-label={`Remove filter ${chip.name} ${chip.value}`}>
          <span className="chip-name">{chip.name}</span>{chip.value}<Glyph name="close" />
        </button>
      ))}
      <input ref={input} type="text" role="combobox" aria-label="Search captures" aria-expanded={offers.length > 0} aria-controls={`${id}-offers`} aria-autocomplete="list" aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
        autoComplete="off" spellCheck={false} placeholder="Search text, or channel: recipient: run: …" value={text} onChange={(event) => { type(event.target.value); }} onKeyDown={key} />
      {(text !== '' || chipsOf(query).length > 0) && <button type="button" className="button quiet small" aria-label="Clear the search" onClick={() => { clearTimeout(timer.current); setText(''); setLastAsked(''); onQuery(new URLSearchParams()); }}><Glyph name="close" /></button>}
      {text === '' && chipsOf(query).length === 0 && <kbd aria-hidden="true">/</kbd>}
      <ul className="offers" id={`${id}-offers`} role="listbox" aria-label="Completions" hidden={offers.length === 0}>
        {offers.map((offer, index) => (
          <li key={offer} id={`${id}-${index}`} role="option" aria-selected={index === active} onPointerDown={(event) => { event.preventDefault(); complete(offer); }}>{offer}</li>
        ))}
      </ul>
    </div>
  );
}

function offersFor(word: string, name: string | null, counted: readonly string[]): readonly string[] {
  if (name === null) return word === '' ? [] : filterNames.filter((filter) => filter.startsWith(word.toLowerCase())).slice(0, 8).map((filter) => `${filter}:`);
  if (!isFilterName(name)) return [];
  const typed = word.slice(name.length + 1).replaceAll('"', '').toLowerCase();
  return [...new Set([...counted, ...(knownValues[name] ?? [])])]
    .filter((value) => value.toLowerCase().includes(typed))
    .slice(0, 10)
    .map((value) => `${name}:${/\s/.test(value) ? `"${value}"` : value}`);
}

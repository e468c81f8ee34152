import { useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import { Who } from '../access/who.tsx';
import type { LiveState } from '../api/live.ts';
import { Link, go } from '../routing/location.tsx';
import { address } from '../routing/route.ts';
import type { Route } from '../routing/route.ts';
import { SearchBox } from '../search/search-box.tsx';
import { Glyph } from './icons.tsx';
import { applyTheme, storedTheme } from './theme.ts';
import type { Theme } from './theme.ts';

const liveWords: Readonly<Record<LiveState, string>> = { connecting: 'connecting', live: 'live', lost: 'connection lost, trying again' };
const nextTheme: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };

interface TopBarProps {
  readonly query: URLSearchParams;
  readonly path: string;
  readonly search: RefObject<HTMLInputElement | null>;
  readonly live: LiveState;
  readonly route: Route['kind'];
  readonly onHelp: () => void;
}

export function TopBar({ query, path, search, live, route, onHelp }: TopBarProps): ReactNode {
  const [theme, setTheme] = useState(storedTheme);
  const turn = (): void => { const next = nextTheme[theme]; applyTheme(next); setTheme(next); };
  const here = (...kinds: readonly Route['kind'][]): 'page' | undefined => kinds.includes(route) ? 'page' : undefined;
  return (
    <header className="top-bar">
      <Link to="/" className="brand" aria-label="Fourthwall, to the timeline"><img src="/favicon.svg" alt="" width="22" height="22" /><span>Fourthwall</span></Link>
      <SearchBox query={query} input={search} onQuery={(next) => { go(address(path, next), 'replace'); }} />
      <nav aria-label="Screens">
        <Link to="/" aria-current={here('timeline', 'capture')}>Timeline</Link>
        <Link to="/runs" aria-current={here('runs', 'run')}>Runs</Link>
        <Link to="/connect" aria-current={here('connect')}>Connect</Link>
      </nav>
      <span className="live" data-state={live} role="status" title={liveWords[live]}><span className="visually-hidden">{liveWords[live]}</span></span>
      <Who />
      <button type="button" className="button quiet" onClick={turn} aria-label={`Colours: ${theme}`} title={`Colours: ${theme}`}><Glyph name="theme" /></button>
      <button type="button" className="button quiet help-button" onClick={onHelp} aria-label="Keyboard help" title="Keyboard (?)"><Glyph name="help" /></button>
    </header>
  );
}

import { useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { MaskedNote } from './access/who.tsx';
import { useLive } from './api/live.ts';
import { ConnectScreen } from './connect/connect-screen.tsx';
import { TimelineScreen } from './timeline/timeline-screen.tsx';
import type { TimelineHandle } from './timeline/timeline-screen.tsx';
import { KeyboardHelp } from './ui/keyboard-help.tsx';
import { usePlace } from './routing/location.tsx';
import { routeOf } from './routing/route.ts';
import { RunsScreen } from './runs/runs-screen.tsx';
import { StoryScreen } from './story/story-screen.tsx';
import { PolicyBanner } from './ui/policy-banner.tsx';
import { TopBar } from './ui/top-bar.tsx';
import { useThrottledCount } from './ui/use-throttled-count.ts';
import { useShortcuts } from './ui/use-shortcuts.ts';

export function App(): ReactNode {
  const place = usePlace();
  const route = routeOf(place.path);
  const [help, setHelp] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const timeline = useRef<TimelineHandle | null>(null);
  // Grows after events, at most once in 1.5 s: whoever shows something derived (counts, runs) loads it again.
  const [version, bump] = useThrottledCount(1500);
  const live = useLive((events) => {
    bump();
    timeline.current?.take(events);
  });

  const onTimeline = route.kind === 'timeline' || route.kind === 'capture';
  const next = (): void => { timeline.current?.move(1); };
  const previous = (): void => { timeline.current?.move(-1); };
  useShortcuts({
    '/': () => { search.current?.focus(); search.current?.select(); },
    '?': () => { setHelp(true); },
    // Elsewhere these keep what the browser does with them (arrows scroll).
    ...(onTimeline ? {
      j: next, ArrowDown: next, k: previous, ArrowUp: previous,
      Enter: () => { timeline.current?.open(); },
      Escape: () => { timeline.current?.close(); },
      '.': () => { timeline.current?.showNew(); },
      e: () => { timeline.current?.toggleSeen(); },
    } : {}),
  });

  return (
    <div className="app">
      <a className="skip" href="#main">Skip to the content</a>
      <TopBar query={onTimeline ? place.query : new URLSearchParams()} path={route.kind === 'capture' ? place.path : '/'} search={search} live={live} route={route.kind} onHelp={() => { setHelp(true); }} />
      <PolicyBanner version={version} />
      <MaskedNote />
      {onTimeline && <TimelineScreen handle={timeline} open={route.kind === 'capture' ? route.id : null} query={place.query} version={version} />}
      {(route.kind === 'journey' || route.kind === 'person') && <StoryScreen about={route} version={version} />}
      {(route.kind === 'runs' || route.kind === 'run') && <RunsScreen name={route.kind === 'run' ? route.name : null} version={version} />}
      {route.kind === 'connect' && <main id="main" className="screen"><ConnectScreen version={version} /></main>}
      {route.kind === 'nowhere' && <main id="main" className="screen"><h1>Nothing here</h1><p>This address is not a part of the page. <a href="/">Back to the timeline</a></p></main>}
      {help && <KeyboardHelp onClose={() => { setHelp(false); }} />}
    </div>
  );
}

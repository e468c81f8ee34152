import { Fragment } from 'react';
import type { CSSProperties, ReactNode } from 'react';
import type { CaptureSummary } from '../../model/capture.ts';
import { getStory } from '../api/client.ts';
import { useLoaded } from '../api/use-loaded.ts';
import { Link } from '../routing/location.tsx';
import type { Route } from '../routing/route.ts';
import { ActionBadge } from '../ui/action-badge.tsx';
import { countText } from '../ui/count-text.ts';
import { ChannelIcon, Glyph, channelName } from '../ui/icons.tsx';
import { Notice } from '../ui/notice.tsx';
import { StandingMark } from '../ui/standing-mark.tsx';
import { Time, gapText } from '../ui/time.tsx';

const atMost = 1000;

/** Everything of one order, or of one customer, over all channels on one time axis, oldest first. */
export function StoryScreen({ about, version }: { readonly about: Extract<Route, { kind: 'journey' | 'person' }>; readonly version: number }): ReactNode {
  const query = new URLSearchParams(about.kind === 'journey' ? { key: about.key } : { person: about.id });
  const loaded = useLoaded(query.toString(), version, (signal) => getStory(query, atMost, signal));
  return (
    <main id="main" className="screen">
      <p className="crumb"><Link to={`/?${query}`}><Glyph name="back" /> Show in the timeline</Link></p>
      <h1>{about.kind === 'journey' ? <>Journey <span className="subject">{about.key}</span></> : <>Person <span className="subject">{about.kind === 'person' ? about.id : ''}</span></>}</h1>
      {loaded.kind === 'ready' ? <Story items={loaded.value.items} total={loaded.value.total} totalExact={loaded.value.totalExact} /> : <Notice loaded={loaded} what="The story" />}
    </main>
  );
}

function Story({ items, total, totalExact }: { readonly items: readonly CaptureSummary[]; readonly total: number; readonly totalExact: boolean }): ReactNode {
  if (items.length === 0) return <p className="notice" role="status">Nothing captured belongs here yet.</p>;
  const lanes = [...new Set(items.map((item) => item.channel))];
  const people = [...new Map(items.flatMap((item) => item.recipients).map((recipient) => [recipient.address, recipient])).values()];
  return (
    <>
      <p className="story-sum">{lanes.map((lane) => <span key={lane ?? 'none'} className="lane-sum"><ChannelIcon channel={lane} />{items.filter((item) => item.channel === lane).length} {channelName(lane)}</span>)}
        {people.slice(0, 6).map((person) => <span key={person.address} className="recipient" data-standing={person.standing}><StandingMark standing={person.standing} />{person.address}</span>)}</p>
      {total > items.length && <p className="notice" role="status">The newest {items.length.toLocaleString()} of {countText(total, totalExact)} are shown.</p>}
      <ol className="axis" aria-label="In the order they happened" style={custom('--lanes', lanes.length)}>
        {items.map((item, index) => {
          const before = items[index - 1];
          const gap = before === undefined ? 0 : Date.parse(item.at) - Date.parse(before.at);
          return (
            <Fragment key={item.id}>
              {gap >= 3_600_000 && <li className="axis-gap" aria-hidden="true">{gapText(gap).slice(1)} later</li>}
              <li className="axis-item">
                <span className="axis-time"><Time at={item.at} />{before !== undefined && <span className="dim">{gapText(gap)}</span>}</span>
                <span className="axis-dot" data-channel={item.channel ?? 'none'} aria-hidden="true" />
                <Link to={`/captures/${item.id}`} className="axis-card" style={custom('--lane', lanes.indexOf(item.channel))}>
                  <ChannelIcon channel={item.channel} />
                  <span className="row-main"><span className="row-title">{item.title || item.operation || item.provider}</span><span className="row-people">{item.provider} · {item.service}{item.recipients[0] !== undefined && <> → <span className="recipient" data-standing={item.recipients[0].standing}><StandingMark standing={item.recipients[0].standing} />{item.recipients[0].address}</span></>}</span></span>
                  <ActionBadge capture={item} />
                </Link>
              </li>
            </Fragment>
          );
        })}
      </ol>
    </>
  );
}

/** A custom property; React's types know only the standard ones. */
function custom(name: `--${string}`, value: number): CSSProperties {
  return { [name]: value } as CSSProperties;
}

import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import type { Standing } from '../../model/recipient.ts';
import { getCounts } from '../api/client.ts';
import type { Count, CountBy, Counts } from '../api/client.ts';
import { Link } from '../routing/location.tsx';
import { address } from '../routing/route.ts';
import { ChannelIcon, channelName } from '../ui/icons.tsx';
import { StandingMark } from '../ui/standing-mark.tsx';
import { countText } from '../ui/count-text.ts';
import { apiQuery, withChip, withoutChip } from './filters.ts';

const groups: readonly { readonly by: CountBy; readonly title: string }[] = [
  { by: 'channel', title: 'Channel' },
  { by: 'outcome', title: 'Outcome' },
  { by: 'standing', title: 'Recipients' },
  { by: 'finding', title: 'Findings' },
  { by: 'provider', title: 'Provider' },
  { by: 'service', title: 'Service' },
  { by: 'run', title: 'Run' },
];
const shown = 8;

/** What there is, with counts. A group's counts leave out its own filter, so that its other values stay to be chosen. */
export function Sidebar({ query, version, onChoose }: { readonly query: URLSearchParams; readonly version: number; readonly onChoose: () => void }): ReactNode {
  const [{ counts, partly }, setState] = useState<Shown>({ counts: {}, partly: {}, version });
  const asked = apiQuery(query).toString();
  useEffect(() => {
    const abort = new AbortController();
    for (const { query: wanted, by } of questions(new URLSearchParams(asked))) {
      getCounts(by, wanted, abort.signal).then(
        (found) => setState((before) => ({
          counts: { ...before.counts, ...found.counts }, partly: { ...before.partly, ...Object.fromEntries(by.map((each) => [each, found.counted !== null])) }, version,
        })),
        () => { /* the list beside says what is wrong with the gateway */ });
    }
    return () => { abort.abort(); };
  }, [asked, version]);

  return (
    <div className="filters">
      {groups.map(({ by, title }) => {
        const chosen = query.getAll(by);
        const found = counts[by] ?? [];
        const all = [...found, ...chosen.filter((value) => !found.some((count) => count.value === value)).map((value) => ({ value, count: 0 }))];
        return all.length === 0 ? null : <Group key={by} by={by} title={title} counts={all} partly={partly[by] === true} chosen={chosen} query={query} onChoose={onChoose} />;
      })}
    </div>
  );
}

/** One request for the groups nothing was chosen in, and one for each of the others. */
function questions(query: URLSearchParams): readonly { readonly by: readonly CountBy[]; readonly query: URLSearchParams }[] {
  const chosen = groups.map(({ by }) => by).filter((by) => query.has(by));
  const free = groups.map(({ by }) => by).filter((by) => !query.has(by));
  return [
    ...(free.length === 0 ? [] : [{ by: free, query }]),
    ...chosen.map((by) => ({ by: [by], query: new URLSearchParams([...query].filter(([name]) => name !== by)) })),
  ];
}

interface Shown {
  readonly counts: Counts;
  /** groups of which only the newest captures were counted */
  readonly partly: Partial<Readonly<Record<CountBy, boolean>>>;
  readonly version: number;
}

interface GroupProps {
  readonly by: CountBy;
  readonly title: string;
  readonly counts: readonly Count[];
  readonly partly: boolean;
  readonly chosen: readonly string[];
  readonly query: URLSearchParams;
  readonly onChoose: () => void;
}

function Group({ by, title, counts, partly, chosen, query, onChoose }: GroupProps): ReactNode {
  const [all, setAll] = useState(false);
  const visible = all ? counts : counts.slice(0, shown);
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <ul>
        {visible.map(({ value, count }) => {
          const on = chosen.includes(value);
          const chip = { name: by, value };
          return (
            <li key={value}>
              <Link to={address('/', on ? withoutChip(query, chip) : withChip(query, chip))} className="filter" aria-current={on ? 'true' : undefined} onClick={onChoose} title={value}>
                {by === 'channel' && <ChannelIcon channel={value} />}
                {by === 'standing' && <StandingMark standing={value as Standing} />}
                <span className="filter-value">{by === 'channel' ? channelName(value) : value}</span>
                <span className="filter-count">{countText(count, !partly)}</span>
              </Link>
            </li>
          );
        })}
      </ul>
      {counts.length > shown && <button type="button" className="link" onClick={() => { setAll(!all); }}>{all ? 'Fewer' : `${counts.length - shown} more`}</button>}
    </section>
  );
}

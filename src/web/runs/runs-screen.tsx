import type { ReactNode } from 'react';
import type { Run } from '../../model/run.ts';
import { getAssert, getRuns } from '../api/client.ts';
import { useLoaded } from '../api/use-loaded.ts';
import { Link } from '../routing/location.tsx';
import { CodeBlock } from '../ui/code-block.tsx';
import { Notice } from '../ui/notice.tsx';
import { Time } from '../ui/time.tsx';
import { VerdictBadge } from './verdict-badge.tsx';

/** Every CI run with its verdict, newest first; one of them opened with its reasons. */
export function RunsScreen({ name, version }: { readonly name: string | null; readonly version: number }): ReactNode {
  const loaded = useLoaded('runs', version, getRuns);
  return (
    <main id="main" className="screen">
      <h1>{name === null ? 'Runs' : <><Link to="/runs">Runs</Link> <span className="subject">{name}</span></>}</h1>
      {name !== null && <OneRun name={name} version={version} />}
      {loaded.kind !== 'ready' ? <Notice loaded={loaded} what="The runs" /> : name === null && <List runs={loaded.value} version={version} />}
    </main>
  );
}

function List({ runs, version }: { readonly runs: readonly Run[]; readonly version: number }): ReactNode {
  return (
    <>
      {runs.length === 0 && <p className="notice" role="status">No run yet. A run groups what one test job sent, and gives it a verdict.</p>}
      {runs.length > 0 && (
        <div className="table-scroll">
          <table className="list-table">
            <thead><tr><th scope="col">Run</th><th scope="col">Verdict</th><th scope="col">Opened</th><th scope="col">Closed</th></tr></thead>
            <tbody>{runs.map((run) => (
              <tr key={run.name}>
                <td><Link to={`/runs/${encodeURIComponent(run.name)}`}>{run.name}</Link>{!run.registered && <span className="dim"> seen on a call</span>}</td>
                <td><RunVerdict name={run.name} version={run.closedAt === null ? version : 0} /></td>
                <td><Time at={run.openedAt} form="full" /></td>
                <td>{run.closedAt === null ? <span className="dim">open</span> : <Time at={run.closedAt} form="full" />}</td>
              </tr>
            ))}</tbody>
          </table>
        </div>
      )}
      <h2>For the next run</h2>
      <CodeBlock label="commands for a run" text={[
        '# answers the proxy URL, the SMTP user and the variables to set',
        `curl -s ${location.origin}/api/runs -H 'content-type: application/json' -d '{"name":"nightly-7"}'`,
        'npm test',
        'npx fourthwall assert --run nightly-7 --expect no-real-sends,no-unrecognized,min-captures=1',
      ].join('\n')} />
    </>
  );
}

function RunVerdict({ name, version }: { readonly name: string; readonly version: number }): ReactNode {
  const loaded = useLoaded(name, version, (signal) => getAssert(name, signal));
  if (loaded.kind === 'loading') return <span className="dim">…</span>;
  return loaded.kind === 'failed' ? <span className="dim" title={loaded.why}>no verdict</span> : <VerdictBadge verdict={loaded.value.verdict} />;
}

function OneRun({ name, version }: { readonly name: string; readonly version: number }): ReactNode {
  const loaded = useLoaded(name, version, (signal) => getAssert(name, signal));
  if (loaded.kind !== 'ready') return <Notice loaded={loaded} what="The verdict" />;
  const { verdict, reasons, counts } = loaded.value;
  return (
    <section aria-label="Verdict">
      <p className="run-head"><VerdictBadge verdict={verdict} /> <Link to={`/?${new URLSearchParams({ run: name })}`}>Show its captures</Link></p>
      {reasons.length > 0 && (
        <ul className="reasons">{reasons.map((reason, index) => (
          <li key={`${index} ${reason.expectation}`}><code>{reason.expectation}</code> {reason.why}
            {reason.captures.length > 0 && <span className="offenders">{reason.captures.slice(0, 20).map((id) => <Link key={id} to={`/captures/${id}`}>{id.slice(-8)}</Link>)}{reason.captures.length > 20 && ` and ${reason.captures.length - 20} more`}</span>}
          </li>
        ))}</ul>
      )}
      <dl className="facts boxed">{Object.entries(counts).map(([key, value]) => <div key={key}><dt>{spaced(key)}</dt><dd>{typeof value === 'object' ? JSON.stringify(value) : String(value)}</dd></div>)}</dl>
    </section>
  );
}

/** 'realRecipients' -> 'real recipients' */
function spaced(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

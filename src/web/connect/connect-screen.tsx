import type { ReactNode } from 'react';
import { getCaptures, getReady } from '../api/client.ts';
import type { Ready } from '../api/client.ts';
import { useLoaded } from '../api/use-loaded.ts';
import { Link } from '../routing/location.tsx';
import { CodeBlock } from '../ui/code-block.tsx';
import { Notice } from '../ui/notice.tsx';
import { Tabs } from '../ui/tabs.tsx';
import type { Tab } from '../ui/tabs.tsx';
import { Time } from '../ui/time.tsx';
import { setUpLines } from './set-up-lines.ts';

/** How a service is pointed here, and whether one already is. Also what an empty timeline shows. */
export function ConnectScreen({ version, first = false }: { readonly version: number; readonly first?: boolean }): ReactNode {
  const ready = useLoaded('ready', 0, getReady);
  const latest = useLoaded('latest', version, (signal) => getCaptures(new URLSearchParams({ limit: '1' }), signal));
  const seen = latest.kind === 'ready' ? latest.value.items[0] : undefined;
  const Heading = first ? 'h2' : 'h1';
  return (
    <div className="connect">
      <Heading>{first ? 'Nothing captured yet' : 'Connect a service'}</Heading>
      <p className="lead">Point a staging service at the gateway. Every mail, SMS and payment it sends is kept here and answered as the vendor would; nothing real is sent.</p>
      <ol className="steps">
        <li>
          <h3>Point your service here</h3>
          {ready.kind === 'ready'
            ? <Tabs label="Set-up by runtime" tabs={setUpTabs(ready.value.ports)} />
            : <Notice loaded={ready} what="The ports" />}
        </li>
        <li>
          <h3>Trust its certificate</h3>
          <p>Calls over HTTPS are read inside the gateway, under a certificate made for this installation.</p>
          <p className="buttons"><a className="button" href="/ca.pem" download="fourthwall-ca.pem">CA certificate</a> <a className="button" href="/ca-bundle.pem" download="fourthwall-bundle.pem">Bundle with the public roots</a></p>
        </li>
        <li>
          <h3>Send something</h3>
          <p className="first-call" data-seen={seen !== undefined} role="status">
            <span className="pulse" aria-hidden="true" />
            {seen === undefined ? 'Waiting for the first call …' : <span>First call seen: <Link to={`/captures/${seen.id}`}>{seen.title || seen.operation || seen.provider}</Link> from {seen.service}, <Time at={seen.at} /></span>}
          </p>
        </li>
      </ol>
    </div>
  );
}

function setUpTabs(ports: Ready['ports']): readonly Tab[] {
  return setUpLines(location.hostname, ports, location.origin)
    .map(({ id, label, text }) => ({ id, label, show: () => <CodeBlock text={text} label={`set-up for ${label}`} /> }));
}

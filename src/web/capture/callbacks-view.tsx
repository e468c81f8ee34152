import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import type { CallbackInfo } from '../../model/callback.ts';
import type { Capture } from '../../model/capture.ts';
import { useMay, useMe } from '../access/me.ts';
import { getEvents, resendCallback, simulateEvent } from '../api/client.ts';
import { useLoaded } from '../api/use-loaded.ts';
import { Link } from '../routing/location.tsx';
import { Time } from '../ui/time.tsx';

const says: Readonly<Record<CallbackInfo['state'], string>> = {
  pending: 'to be sent', leased: 'being sent', delivered: 'delivered', failed: 'given up', skipped: 'not sent',
};
const tones: Readonly<Record<CallbackInfo['state'], string>> = { pending: 'doubt', leased: 'doubt', delivered: 'calm', failed: 'stopped', skipped: 'stopped' };

/** Is there anything to see or to do? Nothing happens later to what was not answered here, nor to a callback itself. */
export function hasCallbacks({ callbacks, direction, outcome, request }: Capture): boolean {
  return callbacks.length > 0 || (direction === 'out' && outcome === 'captured' && request.kind === 'http');
}

/** What the application was told of this call, and what it can be made to hear. */
export function CallbacksView({ capture }: { readonly capture: Capture }): ReactNode {
  const may = useMay();
  const [why, setWhy] = useState<string | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const act = (what: Promise<unknown>, said: string): void => {
    const failed = (error: unknown): void => { setDone(null); setWhy(error instanceof Error ? error.message : String(error)); };
    what.then(() => { setWhy(null); setDone(said); }, failed);
  };
  return (
    <div className="callbacks-view">
      {capture.callbacks.length === 0 ? <p className="dim">The application was told nothing of this call.</p> : (
        <ul aria-label="Callbacks">
          {capture.callbacks.map((callback) => (
            <li key={callback.id}>
              <span className="badge" data-tone={tones[callback.state]}>{says[callback.state]}</span>
              <span className="callback-what">
                <b>{callback.event ?? 'callback'}</b> <code className="url">{callback.url ?? callback.target}</code>
                <span className="dim">
                  {callback.state === 'pending' && <> not before <Time at={callback.notBefore} /></>}
                  {callback.attempt > 0 && <> · {callback.attempt === 1 ? '1 attempt' : `${callback.attempt} attempts`}</>}
                  {callback.lastStatus !== null && <> · answered {callback.lastStatus}</>}
                  {callback.delivery !== null && <> · <Link to={`/captures/${callback.delivery}`}>the last delivery</Link></>}
                </span>
                {callback.lastError !== null && <span className="callback-why">{callback.lastError}</span>}
              </span>
              {may.send && <button type="button" className="button" disabled={callback.state === 'leased'} aria-label={`Send ${callback.event ?? 'the callback'} again`} onClick={() => { act(resendCallback(callback.id), 'It is sent again.'); }}>Send again</button>}
            </li>
          ))}
        </ul>
      )}
      {may.send && capture.direction === 'out' && capture.outcome === 'captured' && <Simulate capture={capture} act={act} />}
      {why !== null && <p className="notice failed" role="alert">{why}</p>}
      {done !== null && <p className="notice" role="status">{done}</p>}
    </div>
  );
}

function Simulate({ capture, act }: { readonly capture: Capture; readonly act: (what: Promise<unknown>, said: string) => void }): ReactNode {
  const { masked } = useMe();
  const loaded = useLoaded(`events of ${capture.provider}`, 0, (signal) => getEvents(capture.provider, signal));
  const [event, setEvent] = useState('');
  const [recipient, setRecipient] = useState('');
  const [detail, setDetail] = useState('');
  const events = loaded.kind === 'ready' ? loaded.value : [];
  if (events.length === 0) return null;
  const chosen = event === '' ? events[0] ?? '' : event;
  const submit = (submitted: FormEvent): void => {
    submitted.preventDefault();
    act(simulateEvent(capture.id, { event: chosen, ...(recipient === '' ? {} : { recipient }), ...(detail.trim() === '' ? {} : { detail: detail.trim() }) }), `${chosen} happened.`);
  };
  return (
    <form className="simulate" onSubmit={submit} aria-label="Make something happen">
      <h3>Make something happen</h3>
      <label className="field"><span>Event</span>
        <select className="input" value={chosen} onChange={(change) => { setEvent(change.target.value); }}>{events.map((name) => <option key={name}>{name}</option>)}</select>
      </label>
      {capture.recipients.length > 1 && !masked && (
        <label className="field"><span>To whom</span>
          <select className="input" value={recipient} onChange={(change) => { setRecipient(change.target.value); }}>
            <option value="">all recipients</option>
            {[...new Set(capture.recipients.map(({ address }) => address))].slice(0, 200).map((address) => <option key={address}>{address}</option>)}
          </select>
        </label>
      )}
      <label className="field"><span>Detail</span>
        <input className="input" value={detail} placeholder="the vendor’s own code or words; a usual one when empty" onChange={(change) => { setDetail(change.target.value); }} />
      </label>
      <button type="submit" className="button solid">Make it happen</button>
    </form>
  );
}

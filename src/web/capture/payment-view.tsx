import type { ReactNode } from 'react';
import type { Capture, CaptureSummary } from '../../model/capture.ts';
import { getCaptures } from '../api/client.ts';
import { useLoaded } from '../api/use-loaded.ts';
import { Link } from '../routing/location.tsx';
import { ActionBadge } from '../ui/action-badge.tsx';
import { Time } from '../ui/time.tsx';
import { effectOf, textField } from './effect.ts';
import { jsonBody } from './body-text.ts';

/** What it would have cost whom, and what else happened to the same object. */
export function PaymentView({ capture }: { readonly capture: Capture }): ReactNode {
  const effect = effectOf(capture, 'payment');
  const object = textField(effect, 'object') ?? objectInReply(capture);
  const status = statusInReply(capture);
  const moves = effect?.['movesMoney'] === true;
  const rows: readonly (readonly [string, string | null])[] = [
    ['Operation', capture.operation],
    ['Customer', textField(effect, 'customer')],
    ['Method', textField(effect, 'method')],
    ['Object', object],
    ['Answered status', status],
    ['Description', textField(effect, 'description')],
    ['Idempotency key', idempotencyKey(capture)],
    ['Liveness', capture.liveness],
  ];
  return (
    <div className="payment">
      <div className="amount-card">
        <span className="amount">{capture.amount?.text ?? 'No amount in this call'}</span>
        <span className="dim">{moves ? 'This call moves money' : 'This call prepares; it moves no money itself'}</span>
      </div>
      <dl className="facts boxed">{rows.map(([name, value]) => value === null ? null : <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
      {object !== null && <History object={object} current={capture.id} />}
    </div>
  );
}

function History({ object, current }: { readonly object: string; readonly current: string }): ReactNode {
  const loaded = useLoaded(object, 0, (signal) => related(object, signal));
  if (loaded.kind !== 'ready' || loaded.value.length < 2) return null;
  return (
    <section aria-label="Calls on the same object">
      <h3>Calls on <code>{object}</code></h3>
      <ol className="related">
        {loaded.value.map((item) => (
          <li key={item.id} data-current={item.id === current}>
            <Time at={item.at} /><Link to={`/captures/${item.id}`} aria-current={item.id === current ? 'true' : undefined}>{item.operation ?? item.title}</Link><span>{item.amount?.text}</span><ActionBadge capture={item} />
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Calls that carry the object as a key, and those that merely mention it; oldest first. */
async function related(object: string, signal: AbortSignal): Promise<readonly CaptureSummary[]> {
  const pages = await Promise.all([
    getCaptures(new URLSearchParams({ key: object, limit: '100' }), signal),
    getCaptures(new URLSearchParams({ q: `"${object}"`, limit: '100' }), signal),
  ]);
  const byId = new Map(pages.flatMap((page) => page.items).map((item) => [item.id, item]));
  return [...byId.values()].sort((a, b) => a.seq - b.seq);
}

function objectInReply(capture: Capture): string | null {
  const id = capture.reply?.kind === 'http' ? jsonBody(capture.reply.body)?.['id'] : null;
  return typeof id === 'string' ? id : null;
}

function statusInReply(capture: Capture): string | null {
  const body = capture.reply?.kind === 'http' ? jsonBody(capture.reply.body) : null;
  if (body === null) return null;
  const error = body['error'];
  if (typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string') return error.message;
  return typeof body['status'] === 'string' ? body['status'] : null;
}

function idempotencyKey(capture: Capture): string | null {
  if (capture.request.kind !== 'http') return null;
  return capture.request.headers.find(([name]) => /^(idempotency-key|paypal-request-id)$/i.test(name))?.[1] ?? null;
}

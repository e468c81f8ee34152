import type { ReactNode } from 'react';
import type { Capture } from '../../model/capture.ts';
import type { TraceStep } from '../../model/decision.ts';
import { StandingMark } from '../ui/standing-mark.tsx';
import { Time, sizeText } from '../ui/time.tsx';

const actionWords = { capture: 'Captured', forward: 'Forwarded', reject: 'Rejected' } as const;

/** Why this happened: the rule, every rule before it, and how each recipient was judged. */
export function WhyView({ capture }: { readonly capture: Capture }): ReactNode {
  const { decision } = capture;
  return (
    <div className="why">
      <section aria-label="Decision">
        <p className="verdict" data-action={decision.action}><b>{actionWords[decision.action]}</b> by <code>{decision.rule}</code></p>
        <p>{decision.reason}</p>
        {decision.fault !== null && <p className="notice failed">Fell to the closed side: {decision.fault}</p>}
        {decision.action === 'forward' && <p className="dim">{decision.plan.internal ? 'To one of our own services. ' : ''}{decision.plan.via !== null && `Via ${decision.plan.via}. `}{decision.plan.rewrites.length > 0 ? `Rewritten: ${decision.plan.rewrites.map((rewrite) => rewrite.kind).join(', ')}.` : 'Not rewritten.'}</p>}
        {capture.decoded.kind === 'unrecognized' && <p className="notice failed">Not understood: {capture.decoded.why}</p>}
      </section>
      {decision.trace.length > 0 && (
        <section aria-label="Rules">
          <h3>Rules, in order</h3>
          <ol className="trace">{decision.trace.map((step, index) => <Step key={`${index} ${step.rule}`} step={step} decided={step.rule === decision.rule} reported={decision.reported.includes(step.rule)} />)}</ol>
        </section>
      )}
      {capture.recipients.length > 0 && (
        <section aria-label="Recipients">
          <h3>Recipients</h3>
          <table className="judged">
            <thead><tr><th scope="col">Address</th><th scope="col">Role</th><th scope="col">Judged</th><th scope="col">Why</th></tr></thead>
            <tbody>{capture.recipients.map((recipient) => (
              <tr key={`${recipient.role} ${recipient.address}`}><td className="address">{recipient.address}</td><td>{recipient.role}</td><td><span className="recipient" data-standing={recipient.standing}><StandingMark standing={recipient.standing} />{recipient.standing}</span></td><td>{recipient.why}</td></tr>
            ))}</tbody>
          </table>
        </section>
      )}
      <section aria-label="Facts">
        <h3>Facts</h3>
        <dl className="facts boxed">
          <div><dt>Arrived</dt><dd><Time at={capture.at} form="full" /> <span className="dim">{capture.at}</span></dd></div>
          <div><dt>Service</dt><dd>{capture.service}{capture.space !== null && ` in ${capture.space}`}</dd></div>
          <div><dt>Run</dt><dd>{capture.run ?? 'none'}</dd></div>
          <div><dt>Liveness</dt><dd>{capture.liveness}</dd></div>
          <div><dt>Outcome</dt><dd>{capture.outcome}</dd></div>
          <div><dt>Content read</dt><dd>{capture.enrichment}</dd></div>
          <div><dt>Size</dt><dd>{sizeText(capture.size)}</dd></div>
          {capture.trace !== null && <div><dt>Trace</dt><dd><code>{capture.trace}</code></dd></div>}
          {capture.imported === true && <div><dt>Imported</dt><dd>recorded elsewhere, taken in from an export: no verdict passes on it</dd></div>}
          {capture.duplicateOf !== null && <div><dt>Duplicate of</dt><dd><a href={`/captures/${capture.duplicateOf}`}>{capture.duplicateOf}</a></dd></div>}
          {capture.callbacks.length > 0 && <div><dt>Webhooks</dt><dd>{capture.callbacks.map((callback) => `${callback.target}: ${callback.state}`).join(', ')}</dd></div>}
          <div><dt>Capture</dt><dd><code>{capture.id}</code> · seq {capture.seq} · {capture.instance}</dd></div>
          <div><dt>Policy</dt><dd><code title={decision.policy.sha256}>{decision.policy.sha256.slice(0, 12)}</code></dd></div>
        </dl>
      </section>
    </div>
  );
}

function Step({ step, decided, reported }: { readonly step: TraceStep; readonly decided: boolean; readonly reported: boolean }): ReactNode {
  const fared = step.matched === null ? 'not told yet' : step.matched ? 'matched' : 'no match';
  return (
    <li data-fared={step.matched === null ? 'open' : step.matched ? 'yes' : 'no'} data-decided={decided}>
      <span className="fared" aria-hidden="true">{step.matched === null ? '?' : step.matched ? '✓' : '–'}</span>
      <span><code>{step.rule}</code> <span className="dim">{fared}{decided && ', decided'}{reported && ', report only'}</span><br />{step.because}</span>
    </li>
  );
}

import type { ReactNode } from 'react';
import type { Capture } from '../../model/capture.ts';
import { Time } from '../ui/time.tsx';
import type { Effect } from './effect.ts';
import { listField, textField } from './effect.ts';
import { segmentation } from './sms-segments.ts';

/** SMS, chat, push, voice and verification as a phone shows them. */
export function MessageView({ capture, effects }: { readonly capture: Capture; readonly effects: readonly Effect[] }): ReactNode {
  return <div className="messages">{effects.slice(0, 50).map((effect, index) => <Message key={index} capture={capture} effect={effect} />)}{effects.length > 50 && <p className="dim">and {effects.length - 50} more</p>}</div>;
}

function Message({ capture, effect }: { readonly capture: Capture; readonly effect: Effect }): ReactNode {
  const channel = String(effect['channel']);
  const text = textField(effect, 'text') ?? textField(effect, 'script') ?? textField(effect, 'code');
  const title = textField(effect, 'title');
  const media = listField(effect, 'media');
  const parts = channel === 'sms' && text !== null ? segmentation(text) : null;
  return (
    <div className="message">
      <div className="phone">
        <div className="phone-from">{textField(effect, 'from') ?? capture.from ?? capture.provider}</div>
        <div className="phone-time"><Time at={capture.at} form="full" /></div>
        {text === null && title === null && media.length === 0 && <p className="dim">No text in the call: a template or a later step makes it.</p>}
        {(text !== null || title !== null) && <div className="bubble" data-kind={channel}>{title !== null && <b>{title}</b>}{text}</div>}
        {media.map((url) => <div className="bubble media" key={url}><span className="dim">media, not loaded</span><code className="url">{url}</code></div>)}
      </div>
      {parts !== null && (
        <dl className="facts boxed" aria-label="Segments">
          <div><dt>Segments</dt><dd>{parts.segments}</dd></div>
          <div><dt>Encoding</dt><dd>{parts.encoding}</dd></div>
          <div><dt>Length</dt><dd>{parts.units} of {parts.perSegment * Math.max(1, parts.segments)} {parts.encoding === 'GSM-7' ? 'septets' : 'units'}</dd></div>
          {parts.forcing.length > 0 && <div><dt>UCS-2 because of</dt><dd>{parts.forcing.map((character) => <code key={character} className="glyph" title={`U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`}>{character}</code>)}</dd></div>}
        </dl>
      )}
    </div>
  );
}

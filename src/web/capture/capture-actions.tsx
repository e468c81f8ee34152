import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Capture, CaptureSummary } from '../../model/capture.ts';
import type { CapturePatch } from '../../model/store.ts';
import { useMay } from '../access/me.ts';
import { deleteCapture, patchCapture } from '../api/client.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Glyph } from '../ui/icons.tsx';

interface ActionsProps {
  readonly capture: Capture;
  readonly onChanged: (capture: CaptureSummary) => void;
  readonly onDeleted: (id: string) => void;
}

type Asking = 'tags' | 'note' | 'delete' | null;

export function CaptureActions({ capture, onChanged, onDeleted }: ActionsProps): ReactNode {
  const [asking, ask] = useState<Asking>(null);
  const may = useMay();
  const [why, setWhy] = useState<string | null>(null);
  const failed = (error: unknown): void => { setWhy(error instanceof Error ? error.message : String(error)); };
  const patch = (change: CapturePatch): void => {
    const patched = (): void => { setWhy(null); ask(null); onChanged({ ...capture, ...change }); };
    patchCapture(capture.id, change).then(patched, failed);
  };
  const remove = (): void => {
    const removed = (): void => { ask(null); onDeleted(capture.id); };
    deleteCapture(capture.id).then(removed, failed);
  };
  return (
    <div className="actions" role="toolbar" aria-label="Actions">
      {may.note && <><button type="button" className="button quiet" aria-pressed={capture.pinned} aria-label="Pin" title="Pin" onClick={() => { patch({ pinned: !capture.pinned }); }}><Glyph name="pin" /></button>
      <button type="button" className="button quiet" aria-pressed={!capture.seen} aria-label="Mark unseen" title="Mark unseen (e)" onClick={() => { patch({ seen: !capture.seen }); }}><Glyph name="eye" /></button>
      <button type="button" className="button quiet" aria-label={capture.tags.length === 0 ? 'Tags' : `Tags: ${capture.tags.join(', ')}`} title="Tags" onClick={() => { ask('tags'); }}><Glyph name="tag" />{capture.tags.length > 0 && <span className="count">{capture.tags.length}</span>}</button>
      <button type="button" className="button quiet" aria-label={capture.note === null ? 'Note' : 'Note: written'} title={capture.note ?? 'Note'} aria-pressed={capture.note !== null} onClick={() => { ask('note'); }}><Glyph name="note" /></button></>}
      {may.bytes && capture.request.kind === 'mail' && <a className="button quiet" href={`/api/captures/${encodeURIComponent(capture.id)}/raw`} download={`${capture.id}.eml`} aria-label="Download .eml" title="Download .eml"><Glyph name="download" /></a>}
      {may.remove && <button type="button" className="button quiet danger" aria-label="Delete" title="Delete" onClick={() => { ask('delete'); }}><Glyph name="trash" /></button>}
      {why !== null && asking === null && <span className="notice failed" role="alert">{why}</span>}
      {asking === 'tags' && <TextDialog title="Tags" label="Tags, separated by commas" value={capture.tags.join(', ')} why={why} onClose={() => { ask(null); }} onSave={(text) => { patch({ tags: [...new Set(text.split(',').map((tag) => tag.trim()).filter((tag) => tag !== ''))] }); }} />}
      {asking === 'note' && <TextDialog title="Note" label="A note for whoever looks next" value={capture.note ?? ''} long why={why} onClose={() => { ask(null); }} onSave={(text) => { patch({ note: text.trim() === '' ? null : text }); }} />}
      {asking === 'delete' && (
        <Dialog title="Delete this capture?" onClose={() => { ask(null); }}>
          <p><b>{capture.title}</b> and its stored bytes are removed for good.</p>
          {why !== null && <p className="notice failed" role="alert">{why}</p>}
          <footer>
            <button type="button" className="button" autoFocus onClick={() => { ask(null); }}>Keep it</button>
            <button type="button" className="button danger solid" onClick={remove}>Delete</button>
          </footer>
        </Dialog>
      )}
    </div>
  );
}

interface TextDialogProps {
  readonly title: string;
  readonly label: string;
  readonly value: string;
  readonly long?: boolean;
  readonly why: string | null;
  readonly onClose: () => void;
  readonly onSave: (text: string) => void;
}

function TextDialog({ title, label, value, long = false, why, onClose, onSave }: TextDialogProps): ReactNode {
  const [text, setText] = useState(value);
  return (
    <Dialog title={title} onClose={onClose}>
      <form method="dialog" onSubmit={(event) => { event.preventDefault(); onSave(text); }}>
        <label className="field"><span>{label}</span>
          {long ? <textarea className="input" rows={4} autoFocus value={text} onChange={(event) => { setText(event.target.value); }} /> : <input className="input" autoFocus value={text} onChange={(event) => { setText(event.target.value); }} />}
        </label>
        {why !== null && <p className="notice failed" role="alert">{why}</p>}
        <footer><button type="button" className="button" onClick={onClose}>Cancel</button><button type="submit" className="button solid">Save</button></footer>
      </form>
    </Dialog>
  );
}

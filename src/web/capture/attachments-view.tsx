import type { ReactNode } from 'react';
import type { AttachmentInfo } from '../../model/capture.ts';
import { useMay } from '../access/me.ts';
import { Glyph } from '../ui/icons.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { sizeText } from '../ui/time.tsx';

export function AttachmentsView({ attachments }: { readonly attachments: readonly AttachmentInfo[] }): ReactNode {
  const may = useMay();
  return (
    <ul className="attachments">
      {attachments.map((attachment) => (
        <li key={attachment.n}>
          <Glyph name="clip" />
          <span className="attachment-name"><b>{attachment.filename ?? `part ${attachment.n + 1}`}</b><span className="dim">{attachment.contentType} · {sizeText(attachment.size)}{attachment.contentId !== null && ' · inline'}</span></span>
          <code className="hash" title={`SHA-256 ${attachment.sha256}`}>{attachment.sha256.slice(0, 12)}</code>
          <CopyButton text={attachment.sha256} label="Copy SHA-256" />
          {may.bytes && <a className="button small" href={attachment.href} download>Download</a>}
        </li>
      ))}
    </ul>
  );
}

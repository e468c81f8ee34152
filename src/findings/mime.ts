import { MailParser } from 'mailparser';
import type { Bytes } from '../model/bytes.ts';
import type { Headers } from '../model/exchange.ts';

/** Bounds of one message. */
export interface MimeBounds {
  /** parts inside parts */
  readonly depth: number;
  readonly parts: number;
  /** of one part's header block */
  readonly headerBytes: number;
}

export interface MimePart {
  readonly filename: string | null;
  readonly contentType: string;
  readonly contentId: string | null;
  readonly content: Bytes;
}

export interface MimeReading {
  /** false when a bound or a fault ended the reading */
  readonly whole: boolean;
  readonly subject: string | null;
  readonly text: string | null;
  readonly html: string | null;
  readonly attachments: readonly MimePart[];
  /** of the message itself, unfolded */
  readonly headers: Headers;
}

interface Tree { readonly children?: readonly Tree[] }

/** What mailparser gives besides its documented surface (docs/discoveries/mailparser.md). */
interface Inner {
  readonly tree: Tree | false;
  getTextContent(): { readonly text?: string; readonly html?: string };
}

/**
 * Reads the MIME tree of a message. Text and HTML as decoded, attachments with their bytes. Nothing is converted, linked,
 * inlined or fetched. What was read before a fault or a bound is kept.
 */
export function readMime(message: Bytes, bounds: MimeBounds): Promise<MimeReading> {
  return new Promise((resolve) => {
    const attachments: MimePart[] = [];
    let subject: string | null = null;
    let headers: Headers = [];
    let words: { readonly text?: string; readonly html?: string } | null = null;
    // maxHeadSize and maxChildNodes are read by the splitter inside mailparser
    const options = { skipImageLinks: true, skipHtmlToText: true, skipTextToHtml: true, skipTextLinks: true, checksumAlgo: 'sha1', maxHeadSize: bounds.headerBytes, maxChildNodes: bounds.parts };
    const parser = new MailParser(options);
    const inner = parser as unknown as Inner;

    let settled = false;
    const settle = (whole: boolean) => {
      if (settled) return;
      settled = true;
      if (words === null) words = wordsSoFar(inner);
      resolve({
        whole: whole && depthWithin(inner.tree, bounds.depth), subject, attachments,
        text: words.text || null, html: words.html || null, headers,
      });
    };

    parser.on('headerLines', (lines) => {
      headers = lines.map(({ key, line }) => [key, line.slice(line.indexOf(':') + 1).replace(/\r?\n/g, '').trim()]);
    });
    parser.on('headers', (fields) => {
      const value = fields.get('subject');
      subject = typeof value === 'string' ? value : null;
    });
    parser.on('data', (data) => {
      if (data.type === 'text') {
        words = { ...(data.text && { text: data.text }), ...(data.html && { html: data.html }) };
        return;
      }
      const chunks: Buffer[] = [];
      data.content.on('data', (chunk: Buffer) => chunks.push(chunk));
      data.content.on('error', () => settle(false));
      data.content.on('end', () => {
        attachments.push({
          filename: data.filename || null,
          contentType: data.contentType || 'application/octet-stream',
          contentId: data.cid || null,
          content: Buffer.concat(chunks),
        });
        data.release();
      });
    });
    parser.on('error', () => settle(false));
    parser.on('end', () => settle(true));
    parser.end(message);
  });
}

/** The text parts that were complete when the reading ended early. */
function wordsSoFar(inner: Inner): { readonly text?: string; readonly html?: string } {
  try {
    return inner.tree === false ? {} : inner.getTextContent();
  } catch {
    return {}; // nothing of it is to be relied on; the bytes are kept
  }
}

function depthWithin(tree: Tree | false, depth: number): boolean {
  let level: readonly Tree[] = tree === false ? [] : [tree];
  for (let at = 0; at <= depth; at += 1) level = level.flatMap(({ children }) => children ?? []);
  return level.length === 0;
}

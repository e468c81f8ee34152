import type { Finding, Key } from '../model/capture.ts';
import { codesIn } from './codes.ts';
import { visibleText } from './html-text.ts';
import { internalLink } from './internal-link.ts';
import { keysIn } from './keys.ts';
import { linksIn } from './links.ts';
import { liveLink } from './live-link.ts';
import { missingUnsubscribe } from './missing-unsubscribe.ts';
import { nullName } from './null-name.ts';
import { personalData } from './personal-data.ts';
import { placeholder } from './placeholder.ts';
import { rudeSalutation } from './rude-salutation.ts';
import type { Envelope, Said } from './said.ts';
import { templateSyntax } from './template-syntax.ts';

/** Every look at what a message says, one file each. */
const checks: readonly ((said: Said) => readonly Finding[])[] = [templateSyntax, nullName, placeholder, rudeSalutation, internalLink, liveLink, missingUnsubscribe, personalData];

/** Of a longer part only the beginning is looked at; the part itself is kept whole. */
const lookedAt = 512 * 1024;

export interface ContentReading {
  readonly codes: readonly string[];
  readonly links: readonly string[];
  readonly keys: readonly Key[];
  readonly findings: readonly Finding[];
  /** false when a part was longer than what is looked at */
  readonly whole: boolean;
}

const cut = (part: string | null) => (part ?? '').slice(0, lookedAt);

/** Reads a message's words: codes, links, keys of its journey, and what is odd about them. Pure; nothing is fetched. */
export function readContent(
  message: { readonly subject: string | null; readonly text: string | null; readonly html: string | null },
  correlate: readonly { readonly name: string; readonly pattern: string }[],
  envelope: Envelope = { from: null, recipients: 0, headers: null },
): ContentReading {
  const subject = cut(message.subject);
  const text = cut(message.text);
  const html = cut(message.html);
  const visible = visibleText(html);
  const links = linksIn({ text: `${text}\n${visible}`, html });
  const words = [subject, text, visible].filter((part) => part !== '').join('\n');
  return {
    codes: codesIn(words),
    links,
    keys: keysIn(words, correlate),
    findings: checks.flatMap((check) => check({ ...envelope, subject, text, visible, links })),
    whole: [message.subject, message.text, message.html].every((part) => (part ?? '').length <= lookedAt),
  };
}

import type { Headers } from '../model/exchange.ts';

/** What is known of a message besides its words. */
export interface Envelope {
  /** the sender's bare address */
  readonly from: string | null;
  /** how many it goes to */
  readonly recipients: number;
  /** of a mail by SMTP; null where the vendor will make them */
  readonly headers: Headers | null;
}

/** What a message says, as the checks read it. Every text is bounded: see readContent. */
export interface Said extends Envelope {
  readonly subject: string;
  /** the text part; '' without one */
  readonly text: string;
  /** what a reader of the HTML part sees, without markup; '' without one */
  readonly visible: string;
  /** http and https addresses, entities undone */
  readonly links: readonly string[];
}

/** Every place a check looks at, by the name a finding gives it. */
export function placesOf(said: Said): readonly { readonly where: string; readonly content: string }[] {
  return [
    { where: 'subject', content: said.subject },
    { where: 'text', content: said.text },
    { where: 'html', content: said.visible },
    ...said.links.map((content) => ({ where: 'link', content })),
  ].filter(({ content }) => content !== '');
}

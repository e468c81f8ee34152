/** What the address is an address of. */
export type RecipientKind = 'email' | 'phone' | 'device' | 'topic' | 'chat' | 'customer' | 'audience';

/** Whom a side effect would reach, as a provider decodes it: it does not know what is safe. */
export interface Addressee {
  /** as the request had it, trimmed: 'Ann <ann@x.test>' is already taken apart to 'ann@x.test' */
  readonly address: string;
  readonly kind: RecipientKind;
  /** 'to' | 'cc' | 'bcc' | 'envelope' | 'reply-to' ... in the provider's own words where it has others */
  readonly role: string;
}

/** interface.md: invalid > safe > reserved > unknown > real. For anything that would leave, invalid and unknown count as real. */
export type Standing = 'safe' | 'reserved' | 'real' | 'unknown' | 'invalid';

export interface Recipient extends Addressee {
  readonly standing: Standing;
  /** one sentence: why it was judged so */
  readonly why: string;
}

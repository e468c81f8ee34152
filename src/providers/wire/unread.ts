/** Bytes that cannot be understood for sure. A reader returns it instead of throwing; a provider turns it into 'unrecognized'. */
export interface Unread {
  readonly kind: 'unreadable';
  /** one sentence without the bytes themselves: they may hold secrets */
  readonly why: string;
}

export function unreadable(why: string): Unread {
  return { kind: 'unreadable', why };
}

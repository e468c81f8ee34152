/** Which service called, and how it came in. Grammar: interface.md, "Who called, in which run". */
export interface Origin {
  readonly space: string | null;
  /** 'unattributed' when nothing told */
  readonly service: string;
  /** set by header, credential, baggage or mail header; claims are resolved later, by run.ts */
  readonly run: string | null;
  /** W3C trace id, 32 hex digits */
  readonly trace: string | null;
  /** client's address as text */
  readonly address: string;
  readonly via: 'proxy' | 'connect' | 'reverse' | 'transparent' | 'smtp' | 'smtps' | 'api';
}

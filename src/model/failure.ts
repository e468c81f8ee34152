/** What a failure rule of gateway.yaml does to a call that is captured. It never lets anything out. */
export type Failing =
  /** the vendor's error shape with this HTTP status; mail is put off with 451 */
  | { readonly kind: 'error'; readonly status: number }
  /** 429 with Retry-After in the vendor's error shape; mail is put off with 421 */
  | { readonly kind: 'throttle'; readonly seconds: number }
  /** answered, but late */
  | { readonly kind: 'delay'; readonly ms: number }
  /** the connection ends without an answer */
  | { readonly kind: 'drop' }
  /** the payer's bank declines, in the vendor's own way; `code` is the vendor's ('insufficient_funds'), null = a usual one */
  | { readonly kind: 'decline'; readonly code: string | null }
  /** answered as ever; later the vendor tells of this: 'bounced', 'charge.dispute.created' */
  | { readonly kind: 'event'; readonly name: string; readonly afterMs: number; readonly detail: string | null };

/** Which of the calls that match it is meant. Counted for each rule and run, over all gateways on one store. */
export type Picking =
  | { readonly kind: 'all' }
  /** the nth only, from 1 */
  | { readonly kind: 'nth'; readonly n: number }
  /** every nth */
  | { readonly kind: 'every'; readonly n: number }
  /** this share of them, 0 to 1, chosen by a hash: the same calls in the same order fail again */
  | { readonly kind: 'rate'; readonly rate: number };

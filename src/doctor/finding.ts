/**
 * What one attempt showed. closed: it ends at the gateway or nowhere; open: a way round the gateway; broken: nothing gets
 * out, but the service will not work like this either; unknown: could not be tried.
 */
export type State = 'closed' | 'open' | 'broken' | 'unknown';

export interface Finding {
  /** 'tcp', 'dns', 'settings', 'ca', 'canary' */
  readonly check: string;
  /** what was tried: 'api.stripe.com:443' */
  readonly subject: string;
  readonly state: State;
  readonly what: string;
  /** what to do about it; null where nothing is to be done */
  readonly remedy: string | null;
}

/** The part of the gateway the checks compare with. */
export interface GatewayFacts {
  /** PEM of its certificates; null when they could not be had */
  readonly ca: string | null;
  /** its addresses as seen from here */
  readonly addresses: readonly string[];
  /** authority of its proxy, 'host:port'; null = it has none, or it could not be asked */
  readonly proxy: string | null;
}

import type { ControlOptions } from './dependencies.ts';

type Addresses = Pick<ControlOptions, 'publicUrl' | 'ingressHost' | 'listeners'>;

/** How people reach the page: the public URL, else by the name this request used. */
export function controlUrl({ publicUrl, listeners }: Addresses, requestHost: string | undefined): string {
  return publicUrl ?? `http://${requestHost ?? `127.0.0.1:${listeners().control ?? 0}`}`;
}

/** By what name a service reaches ingress: its address, or, where that is every address, the name people use for us. */
export function ingressName(addresses: Addresses, requestHost: string | undefined): string {
  const { ingressHost } = addresses;
  if (ingressHost !== '0.0.0.0' && ingressHost !== '::') return ingressHost;
  const { hostname } = new URL(controlUrl(addresses, requestHost));
  return hostname.replace(/^\[|\]$/g, '');
}

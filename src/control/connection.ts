import { clientSettings } from '../clients/settings.ts';
import type { ReadyPorts } from './dependencies.ts';

export interface ConnectionInput {
  /** host by which services reach the ingress listeners */
  readonly host: string;
  readonly ports: Pick<ReadyPorts, 'http' | 'smtp' | 'smtps'>;
  readonly controlUrl: string;
  readonly space: string | null;
  readonly service: string;
  readonly run: string | null;
  readonly caFiles: { readonly ca: string; readonly bundle: string } | null;
}

export interface Connection {
  /** null when the HTTP ingress is not open */
  readonly proxyUrl: string | null;
  /** 'host:port' of the SMTP listeners; null = not open */
  readonly smtp: string | null;
  readonly smtps: string | null;
  /** `[space/]service[+run]` */
  readonly smtpUser: string;
  /** variables that point a service's runtime at the gateway; the paths are the gateway's own */
  readonly env: Readonly<Record<string, string>>;
}

/** What a service has to be told so that its calls come here, in this run. interface.md, "Ways in". */
export function connection({ host, ports, controlUrl, space, service, run, caFiles }: ConnectionInput): Connection {
  const smtpUser = `${space === null ? '' : `${space}/`}${service}${run === null ? '' : `+${run}`}`;
  const name = host.includes(':') ? `[${host}]` : host;
  const at = (port: number | null): string | null => (port === null ? null : `${name}:${port}`);
  // The password says nothing, but Node's own fetch sends no user name without one.
  const proxyUrl = ports.http === null ? null : `http://${encodeURIComponent(smtpUser).replaceAll('%2B', '+')}:token@${name}:${ports.http}`;
  const way = { proxyUrl, smtp: at(ports.smtp), smtps: at(ports.smtps), smtpUser };
  const env = clientSettings({ way: { ...way, controlUrl, run }, files: caFiles === null ? null : { ...caFiles, preload: null, trustStore: null } });
  return { ...way, env };
}

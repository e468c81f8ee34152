import type { Command } from 'commander';
import type { WayIn } from '../clients/settings.ts';
import type { Connection } from '../control/connection.ts';

/** As whom a service calls, and what it reaches without us. */
export interface CallerOptions {
  readonly url?: string;
  readonly run?: string;
  readonly service?: string;
  readonly space?: string;
  readonly bypass?: readonly string[];
}

export function withCaller(command: Command): Command {
  return command
    .option('--service <name>', 'name of the service')
    .option('--space <name>', 'its space')
    .option('--run <name>', 'the run its calls belong to')
    .option('--bypass <hosts...>', 'own services that are reached directly: db, *.internal.test, 10.0.0.0/8')
}

export function callerOf({ service, space, run }: CallerOptions): { readonly service?: string; readonly space?: string; readonly run?: string } {
  return { ...service === undefined ? {} : { service }, ...space === undefined ? {} : { space }, ...run === undefined ? {} : { run } };
}

export function wayOf({ proxyUrl, smtp, smtps, smtpUser, env }: Connection): WayIn {
  return { proxyUrl, smtp, smtps, smtpUser, controlUrl: env['FOURTHWALL_URL'] ?? '', run: env['FOURTHWALL_RUN'] ?? null };
}

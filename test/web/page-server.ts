import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { build } from 'vite';
import { createControl } from '../../src/control/control.ts';
import { page } from '../../src/control/page.ts';
import { createPreview } from '../../src/control/preview.ts';
import { defaultLimits } from '../../src/model/limits.ts';
import type { Store } from '../../src/model/store.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { sampleCaptures } from './sample-captures.ts';

export interface PageServer {
  readonly origin: string;
  readonly previewOrigin: string;
  readonly store: Store;
  close(): Promise<void>;
}

/** Builds the page anew, so that a test never looks at an old one. Resolves with its folder. */
export async function buildPage(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'fourthwall-page-'));
  await build({ root: fileURLToPath(new URL('../../src/web', import.meta.url)), logLevel: 'error', build: { outDir: directory, emptyOutDir: true } });
  return directory;
}

/** The real control plane and preview origin over a real store, with the samples in it unless it is to be empty. */
export async function servePage(directory: string, options: { readonly empty?: boolean } = {}): Promise<PageServer> {
  const folder = await mkdtemp(join(tmpdir(), 'fourthwall-web-'));
  const store = await openSqliteStore({ path: join(folder, 'store.db'), durability: 'process', key: new Uint8Array(32).fill(7), limits: defaultLimits, now: Date.now });
  await store.begin('gw-1');
  if (options.empty !== true) {
    for (const { recording, enrichment } of sampleCaptures(Date.now())) {
      await store.record(recording);
      if (enrichment !== null) await store.enrich(recording.draft.id, enrichment);
    }
  }
  const logger = pino({ level: 'silent' });
  let controlPort = 0;
  const preview = createPreview({
    store, controlOrigin: () => [`http://127.0.0.1:${controlPort}`, `http://localhost:${controlPort}`, `http://[::1]:${controlPort}`], key: new Uint8Array(32).fill(9), now: Date.now, logger,
  });
  const previewPort = await preview.listen('127.0.0.1', 0);
  const listeners = { http: 18080, tls: 18443, smtp: 11025, smtps: 11465, control: 0, preview: previewPort, dns: null, reverse: [] };
  const policy = { sha256: 'c0ffee', text: 'version: 1\n', file: null, state: 'current', problems: [], loadedAt: new Date().toISOString() } as const;
  const control = await createControl({
    store, policy: { inForce: () => policy, check: () => ({ sha256: 'c0ffee', problems: [] }) },
    explain: () => Promise.reject(new Error('not asked for by the page')), replay: () => Promise.reject(new Error('not asked for by the page')), providers: [
      { name: 'smtp', channels: ['email'], hosts: [], operations: [], fidelity: null, verified: null },
      { name: 'twilio', channels: ['sms'], hosts: ['api.twilio.com'], operations: [], events: ['delivered', 'failed'], fidelity: null, verified: null },
      { name: 'stripe', channels: ['payment'], hosts: ['api.stripe.com'], operations: [], fidelity: null, verified: null },
    ],
    // as the outbox would, but that nothing is ever sent
    callbacks: {
      async resend(id) {
        const callback = await store.resendCallback(id, 'http://shop:3000/status');
        return callback === null ? { kind: 'nowhere', why: 'it was told and not kept' } : { kind: 'queued', callback };
      },
      async later({ capture, event, detail }) {
        const draft = { target: 'http://shop:3000/status', object: 'SM1', event: `${event}${detail === null ? '' : ` ${detail}`}`, notBeforeMs: Date.now(), method: 'POST', headers: [], body: '', contentType: 'text/plain' };
        return { kind: 'happened', capture, callbacks: await store.addConsequences(capture, { remember: [], callbacks: [draft] }) ?? [] };
      },
    },
    caPem: () => '-----BEGIN CERTIFICATE-----\n', caFiles: null, listeners: () => ({ ...listeners, control: controlPort }), ingressHost: '127.0.0.1', publicUrl: null,
    auth: { kind: 'open' }, logger, now: Date.now, ready: () => Promise.resolve({ ready: true, policy: 'current', store: 'ok', bucket: 'none', listeners: { ...listeners, control: controlPort } }),
    previewUrl: (capture, pageHost) => preview.url(capture, pageHost),
    page: page({ directory, previewOrigin: (pageHost) => preview.origin(pageHost) }),
  });
  controlPort = await control.listen('127.0.0.1', 0);
  return {
    origin: `http://127.0.0.1:${controlPort}`, previewOrigin: preview.origin(), store,
    async close() {
      await control.close();
      await preview.close();
      await store.close('gw-1');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

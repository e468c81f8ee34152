import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '../../src/testing/client.ts';
import { capturePolicy, type RunningGateway } from '../support/gateway.ts';
import { ended, fourthwallRun, plainEnv } from './fourthwall-run.ts';
import type { Ended } from './fourthwall-run.ts';

const sdks = fileURLToPath(new URL('./sdks/', import.meta.url));
const script = join(sdks, 'call.mjs');

/** `npm ci` was run in test/clients/sdks. */
export const installed = existsSync(join(sdks, 'node_modules/stripe'));
/** One file a call, in the order of the table. */
export const clients: readonly string[] = readdirSync(join(sdks, 'calls')).map((file) => file.replace(/\.mjs$/, '')).sort();

export const modes = ['proxy variables', 'NODE_USE_ENV_PROXY=1', '`fourthwall run`', 'transparent'] as const;
export type Mode = (typeof modes)[number];
/**
 * captured: it arrived, was understood or answered as the rule says, and the library was told so by TLS and HTTP.
 * refused: it arrived, was not answered (the client broke off), and is on record. bypassed: it dialled past the gateway. failed: neither.
 */
export type Cell = 'captured' | 'refused and recorded' | 'bypassed' | 'failed';

/**
 * Vendors that no provider of ours speaks for yet are answered by a rule, so that their libraries get through TLS and HTTP all the same.
 * The body holds what the libraries with a second call ask of the first (a token).
 */
export const everyHost = capturePolicy.replace('rules:\n', `rules:
  - { id: every-host, when: { not: { channel: [email, sms, voice, push, chat, payment, verification] } }, then: { capture: { reply: { status: 200, headers: { content-type: application/json }, body: '{"ok":true,"access_token":"token","token_type":"Bearer","expires_in":3600,"id":"1","name":"1","result":{},"data":[{"status":"ok","id":"1"}]}' } } }, because: the table asks who arrives }
`);

/** What one client did in one mode, and what came of it for the client. */
export async function cellOf(gateway: RunningGateway, client: string, mode: Mode): Promise<{ readonly cell: Cell; readonly told: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'fourthwall-client-'));
  try {
    const before = (await captures(gateway, 0))[0]?.seq ?? 0;
    const tripwire = join(directory, 'dialled');
    const began = new Date().toISOString();
    const told = await called(gateway, client, mode, tripwire);
    const dialled = existsSync(tripwire) ? await readFile(tripwire, 'utf8') : '';
    // What a client breaks off may be on record a moment after the client has ended.
    if (!told.out.includes('"resolved":true')) await gateway.api(`/api/captures/wait?after=${before}&action=reject&timeout=1`);
    const seen = await captures(gateway, before);
    const cell = dialled !== '' ? 'bypassed'
      : seen.some(({ action }) => action === 'capture') ? (seen.some(({ action }) => action === 'reject') ? 'refused and recorded' : 'captured')
      : seen.length > 0 || await tlsRejected(gateway, began) ? 'refused and recorded' : 'failed';
    return { cell, told: `${told.out.trim().split('\n').at(-1) ?? ''} ${dialled.trim()} ${JSON.stringify(seen)}${cell === 'failed' ? told.err : ''}` };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function called(gateway: RunningGateway, client: string, mode: Mode, tripwire: string): Promise<Ended> {
  const node = [process.execPath, script, client] as const;
  const [file, ...args] = node;
  const proxy = gateway.proxy('sdk');
  const variables = {
    HTTP_PROXY: proxy, HTTPS_PROXY: proxy, http_proxy: proxy, https_proxy: proxy, NODE_EXTRA_CA_CERTS: gateway.caFile,
    TRIPWIRE: tripwire, NODE_OPTIONS: `--require ${join(sdks, 'tripwire.cjs')}`,
  };
  switch (mode) {
    case 'proxy variables': return ended(file, args, plainEnv(variables), sdks);
    case 'NODE_USE_ENV_PROXY=1': return ended(file, args, plainEnv({ ...variables, NODE_USE_ENV_PROXY: '1' }), sdks);
    case '`fourthwall run`': return fourthwallRun(gateway, node, { options: ['--service', 'sdk'], cwd: sdks });
    case 'transparent': {
      const { http, tls, smtp, smtps } = gateway.ports;
      return ended(file, args, plainEnv({
        NODE_EXTRA_CA_CERTS: gateway.caFile, NODE_OPTIONS: `--require ${join(sdks, 'transparent.cjs')}`,
        TRANSPARENT_PORTS: JSON.stringify({ 80: http, 443: tls, 2197: tls, 25: smtp, 587: smtp, 465: smtps }),
      }), sdks);
    }
  }
}

/** A client that does not trust the certificate leaves no call, but an event that makes a verdict inconclusive. It may arrive after the client ended. */
async function tlsRejected(gateway: RunningGateway, since: string): Promise<boolean> {
  const client = createClient({ url: gateway.control });
  for await (const event of client.events({ after: 0, signal: AbortSignal.timeout(3_000) })) if (event.kind === 'tls-rejected' && event.at >= since) return true;
  return false;
}

async function captures(gateway: RunningGateway, after: number): Promise<readonly { readonly seq: number; readonly action: string; readonly rule: string; readonly provider: string }[]> {
  const { items } = await gateway.api<{ items: { seq: number; action: string; rule: string; provider: string }[] }>(`/api/captures?after=${after}&limit=50`);
  return items.map(({ seq, action, rule, provider }) => ({ seq, action, rule, provider }));
}

const manifest = JSON.parse(readFileSync(join(sdks, 'package.json'), 'utf8')) as { readonly dependencies: Readonly<Record<string, string>> };

/** 'aws-client-sns' is the call of '@aws-sdk/client-sns': its own first import of a package that is listed. */
function packageOf(client: string): string {
  const text = readFileSync(join(sdks, 'calls', `${client}.mjs`), 'utf8') + (client.startsWith('firebase') ? `'firebase-admin'` : '');
  const found = Object.keys(manifest.dependencies).filter((name) => name !== 'form-data').find((name) => text.includes(`'${name}'`) || text.includes(`'${name}/`));
  if (found === undefined) throw new Error(`test/clients/sdks/calls/${client}.mjs imports no package of its package.json`);
  return found;
}

/** The rows as Markdown. */
export function tableText(cells: ReadonlyMap<string, Readonly<Record<Mode, Cell>>>): string {
  const head = `| library | version | ${modes.join(' | ')} |\n|---|---|${modes.map(() => '---').join('|')}|`;
  const rows = clients.map((client) => {
    const name = packageOf(client);
    const call = client.includes('firebase') ? ` \`${client.split('.')[1]}()\`` : '';
    return `| ${name}${call} | ${manifest.dependencies[name]} | ${modes.map((mode) => cells.get(client)?.[mode] ?? 'not run').join(' | ')} |`;
  });
  return [head, ...rows.sort()].join('\n');
}

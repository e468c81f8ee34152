import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunningGateway } from '../support/gateway.ts';
import { fourthwallRun } from './fourthwall-run.ts';

const sdks = fileURLToPath(new URL('./sdks/', import.meta.url));

/** One file of test/clients/sdks/calls: one call of one official library, with the library's own idea of where its vendor lives. */
export interface SdkCall {
  readonly file: string;
  /** of interface.md's list, whether or not it is there yet */
  readonly provider: string;
  /** its package, and what is called where one package has several files */
  readonly library: string;
  readonly call: string | null;
}

/** What came of a call, and what the gateway has on record of it. */
export interface SdkOutcome {
  readonly name: string;
  readonly resolved: boolean;
  readonly error?: string;
  readonly ms: number;
  readonly arrived: readonly {
    readonly provider: string; readonly action: string; readonly rule: string; readonly operation: string | null; readonly host: string | null;
    readonly channels: readonly string[]; readonly recipients: readonly { readonly address: string }[];
  }[];
}

const { dependencies, devDependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Readonly<Record<'dependencies' | 'devDependencies', Readonly<Record<string, string>>>>;
const packages = Object.keys({ ...dependencies, ...devDependencies });

/** What stands in for a library where none is installed. */
export const byFetch = 'fetch';

export const sdkCalls: readonly SdkCall[] = readdirSync(join(sdks, 'calls')).filter((file) => file.endsWith('.mjs')).sort().map((name) => {
  const text = readFileSync(join(sdks, 'calls', name), 'utf8');
  const said = (what: string): string | null => new RegExp(`^export const ${what} = '([^']+)';$`, 'm').exec(text)?.[1] ?? null;
  const library = libraryOf(text);
  const provider = said('provider');
  if (library === undefined) throw new Error(`test/clients/sdks/calls/${name} imports no package of package.json`);
  if (provider === null) throw new Error(`test/clients/sdks/calls/${name} does not say whose call it makes: export const provider = 'acme';`);
  return { file: name.slice(0, -'.mjs'.length), provider, library, call: said('call') };
});

/** The first package it imports that is one of ours; form-data is what mailgun.js asks for. */
function libraryOf(text: string): string | undefined {
  const from = [...text.matchAll(/from '((?:@[\w.-]+\/)?[\w.-]+)(?:\/[\w./-]+)?'/g)].map(([, name]) => name!).filter((name) => name !== 'form-data');
  if (text.includes(`'../firebase.mjs'`)) return 'firebase-admin';
  return text.includes(`'../by-fetch.mjs'`) ? byFetch : from.find((name) => packages.includes(name));
}

/** Makes them all as `service`, one after the other, in as few processes as none of them hangs. */
export async function madeBy(gateway: RunningGateway, service: string, calls: readonly SdkCall[]): Promise<ReadonlyMap<string, SdkOutcome>> {
  const directory = await mkdtemp(join(tmpdir(), 'fourthwall-sdks-'));
  try {
    const made = new Map<string, SdkOutcome>();
    for (let round = 0; made.size < calls.length; round += 1) {
      const file = join(directory, `${round}.jsonl`);
      const left = calls.filter(({ file: name }) => !made.has(name)).map(({ file: name }) => name);
      const { err } = await fourthwallRun(gateway, [process.execPath, join(sdks, 'calls.mjs'), file, ...left], { options: ['--service', `${service}-${round}`] });
      const before = made.size;
      const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as SdkOutcome | { readonly stray: string });
      for (const line of lines) if ('name' in line) made.set(line.name, line);
      if (made.size === before) made.set(left[0]!, { name: left[0]!, resolved: false, error: `the process ended: ${err.slice(-1_000)}`, ms: 0, arrived: [] });
    }
    return made;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { providerNames } from '../../src/providers/index.ts';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';
import { fourthwallRun } from './fourthwall-run.ts';

/** The vendors' own Python libraries through `fourthwall run`, where they are installed; where not, each is said to be missing. */
interface Outcome {
  readonly name: string;
  readonly missing?: string;
  readonly resolved?: boolean;
  readonly error?: string;
  readonly arrived?: readonly { readonly provider: string; readonly action: string; readonly rule: string; readonly recipients: readonly { readonly address: string }[] }[];
}

const script = join(fileURLToPath(new URL('./apps/', import.meta.url)), 'vendors.py');
const python = spawnSync('python3', ['--version'], { stdio: 'ignore' }).status === 0;
/** the call's name in vendors.py, its provider, whom it reaches */
const calls = [
  ['sendgrid', 'sendgrid', 'ann@example.test'], ['mailgun', 'mailgun', 'ann@example.test'], ['postmark', 'postmark', 'ann@example.test'], ['resend', 'resend', 'ann@example.test'],
  ['ses', 'ses', 'ann@example.test'], ['sesv2', 'ses', 'ann@example.test'], ['sns', 'sns', '+15005550006'], ['twilio', 'twilio', '+15005550006'], ['stripe', 'stripe', 'ann@example.test'],
] as const;
const covered = calls.filter(([, provider]) => providerNames.includes(provider));

let gateway: RunningGateway | undefined;
let kept: ReadonlyMap<string, Outcome> = new Map();
let refused: ReadonlyMap<string, Outcome> = new Map();
beforeAll(async () => {
  if (!python) return;
  gateway = await startGateway({ policy: `version: 1
default: reject
limits: { burst: off }
rules:
  - { id: nobody-from-here, when: { service: refused, decoded: effects }, then: reject, because: this service may reach nobody }
  - { id: everything-we-understand, when: { decoded: [effects, read] }, then: capture, because: staging sends nothing }
` });
  const made = async (service: string): Promise<ReadonlyMap<string, Outcome>> => {
    const { code, out, err } = await fourthwallRun(gateway!, ['python3', script, ...covered.map(([name]) => name)], { options: ['--service', service] });
    if (code !== 0) throw new Error(`vendors.py ended with ${code}:\n${err}`);
    return new Map(out.split('\n').filter((line) => line.startsWith('{"name"')).map((line) => [(JSON.parse(line) as Outcome).name, JSON.parse(line) as Outcome]));
  };
  [kept, refused] = await Promise.all([made('kept'), made('refused')]);
}, 240_000);
afterAll(() => discard(gateway));

it.skipIf(python)('is not run here: there is no python3 on this machine', () => undefined);

describe.runIf(python).each(covered)('Python %s', (name, provider, address) => {
  it('returns from a captured call, which says who it was for', ({ skip }) => {
    const { missing, resolved, error, arrived } = kept.get(name)!;
    if (missing !== undefined) skip(`the library ${missing} is not installed on this machine`);
    expect([resolved, error]).toEqual([true, undefined]);
    expect(arrived).toEqual([expect.objectContaining({ provider, action: 'capture' })]);
    expect(JSON.stringify(arrived)).toContain(address);
  });

  it('raises an error with rule and reason on a refused call, after one attempt', ({ skip }) => {
    const { missing, resolved, error, arrived } = refused.get(name)!;
    if (missing !== undefined) skip(`the library ${missing} is not installed on this machine`);
    expect(resolved).toBe(false);
    expect(error).toMatch(/nobody-from-here.*this service may reach nobody/s);
    expect(arrived).toEqual([expect.objectContaining({ provider, action: 'reject', rule: 'nobody-from-here' })]);
  });
});

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const ip = (...args: readonly string[]): Promise<unknown> => execute('ip', args);

/** Three network namespaces in a row: a service, the gateway, and the outside. Only the gateway has a link to both others. */
export interface Town {
  readonly service: string;
  readonly gateway: string;
  readonly outside: string;
  remove(): Promise<void>;
}

/** Addresses that exist inside the namespaces only. */
export const addresses = { service: '10.77.0.2', gateway: '10.77.0.1', gatewayOutside: '203.0.113.1', outside: '203.0.113.10' } as const;

/** Null where it is permitted, otherwise why not. */
export async function whyNot(): Promise<string | null> {
  const name = `fw-probe-${randomBytes(3).toString('hex')}`;
  try {
    await ip('netns', 'add', name);
    try {
      await ip('netns', 'exec', name, 'ip', 'link', 'set', 'lo', 'up');
    } finally {
      await ip('netns', 'del', name);
    }
    return null;
  } catch (error) {
    return `network namespaces are not permitted here (it takes Linux, iproute2 and root): ${error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error)}`;
  }
}

/** The service's default route and its only resolver are the gateway, which forwards no packets. */
export async function buildTown(): Promise<Town> {
  const tag = randomBytes(3).toString('hex');
  const [service, gateway, outside] = [`fw-svc-${tag}`, `fw-gw-${tag}`, `fw-out-${tag}`];
  const all = [service, gateway, outside];
  const resolvers = `/etc/netns/${service}`;
  const remove = async (): Promise<void> => {
    // A namespace takes its end of a veth pair with it, and so the pair.
    for (const name of all) await ip('netns', 'del', name).catch(() => undefined);
    await rm(resolvers, { recursive: true, force: true });
    await rmdir('/etc/netns').catch(() => undefined); // stays where others use it
  };
  try {
    for (const name of all) {
      await ip('netns', 'add', name);
      await ip('-n', name, 'link', 'set', 'lo', 'up');
    }
    await join(`fs${tag}`, service, addresses.service, `fg${tag}`, gateway, addresses.gateway);
    await join(`fh${tag}`, gateway, addresses.gatewayOutside, `fo${tag}`, outside, addresses.outside);
    await ip('netns', 'exec', gateway, 'sh', '-c', 'echo 0 > /proc/sys/net/ipv4/ip_forward');
    await ip('-n', service, 'route', 'add', 'default', 'via', addresses.gateway);
    await ip('-n', outside, 'route', 'add', 'default', 'via', addresses.gatewayOutside);
    await mkdir(resolvers, { recursive: true });
    // `ip netns exec` puts this over /etc/resolv.conf (ip-netns(8))
    await writeFile(`${resolvers}/resolv.conf`, `nameserver ${addresses.gateway}\noptions timeout:1 attempts:2\n`);
    return { service, gateway, outside, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function join(oneLink: string, one: string, oneAddress: string, otherLink: string, other: string, otherAddress: string): Promise<void> {
  await ip('-n', one, 'link', 'add', oneLink, 'type', 'veth', 'peer', 'name', otherLink, 'netns', other);
  for (const [name, link, address] of [[one, oneLink, oneAddress], [other, otherLink, otherAddress]] as const) {
    await ip('-n', name, 'addr', 'add', `${address}/24`, 'dev', link);
    await ip('-n', name, 'link', 'set', link, 'up');
  }
}

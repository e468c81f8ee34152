import type { StoreView } from './access/view.ts';
import type { ControlOptions } from './dependencies.ts';

interface Metric { readonly name: string; readonly help: string; readonly samples: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[] }

/** every one is told, zeros too, so that an alarm can be built on it before the first failure */
const callbackStates = ['pending', 'leased', 'delivered', 'failed', 'skipped'] as const;

/**
 * Prometheus text format 0.0.4. All gauges: they tell what is kept now and go down when captures are deleted.
 * Nobody captured is named in them.
 */
export async function metricsText({ store, policy, disk }: Pick<ControlOptions, 'policy' | 'disk'> & { readonly store: StoreView }): Promise<string> {
  const healthy = await store.healthy();
  const by = async (facet: 'action' | 'outcome' | 'provider' | 'standing'): Promise<Metric> => ({
    name: `fourthwall_captures_by_${facet}`,
    help: `Captures kept, by ${facet}`,
    samples: (await store.counts({}, facet)).map(({ value, count }) => ({ labels: { [facet]: value }, value: count })),
  });
  const held = healthy ? await store.holding() : null;
  const room = await disk?.() ?? null;
  const bucket = healthy ? await store.bucket() : null;
  const callbacks = healthy ? await store.callbackCounts() : [];
  const metrics: readonly Metric[] = [
    { name: 'fourthwall_store_healthy', help: '1 when a write would be accepted now', samples: [{ labels: {}, value: healthy ? 1 : 0 }] },
    { name: 'fourthwall_policy_current', help: '0 when a newer policy file does not load', samples: [{ labels: {}, value: policy.inForce().state === 'current' ? 1 : 0 }] },
    ...(room === null ? [] : [
      { name: 'fourthwall_disk_free_bytes', help: 'Bytes left on the disk of the store', samples: [{ labels: {}, value: room.free }] },
      { name: 'fourthwall_disk_size_bytes', help: 'Bytes of the disk of the store', samples: [{ labels: {}, value: room.size }] },
    ]),
    ...(held === null ? [] : [
      { name: 'fourthwall_store_full', help: '1 while new calls are refused because nothing of what is kept may be evicted', samples: [{ labels: {}, value: held.full === null ? 0 : 1 }] },
      { name: 'fourthwall_store_captures', help: 'Captures kept', samples: [{ labels: {}, value: held.captures }] },
      { name: 'fourthwall_store_bytes', help: 'Bytes kept, a body counted for every capture that has it', samples: [{ labels: {}, value: held.bytes }] },
    ]),
    ...(bucket === null ? [] : [
      { name: 'fourthwall_bucket_healthy', help: '1 when the bucket takes and gives large bodies', samples: [{ labels: {}, value: bucket.why === null ? 1 : 0 }] },
      { name: 'fourthwall_bucket_garbage', help: 'Objects of deleted bodies that are still to be removed from the bucket', samples: [{ labels: {}, value: bucket.garbage }] },
    ]),
    ...(healthy ? [
      { name: 'fourthwall_last_event_seq', help: 'Events written so far', samples: [{ labels: {}, value: await store.lastSeq() }] },
      {
        name: 'fourthwall_breaker_tripped', help: '1 while the mailshot breaker of a service is tripped',
        samples: (await store.breakers(null)).filter(({ tripped }) => tripped !== null).map(({ space, service }) => ({ labels: { space: space ?? '', service }, value: 1 })),
      },
      {
        name: 'fourthwall_callbacks',
        help: 'Callbacks kept, by state',
        samples: callbackStates.map((state) => ({ labels: { state }, value: callbacks.find((row) => row.state === state)?.count ?? 0 })),
      },
      await by('action'), await by('outcome'), await by('provider'), await by('standing'),
    ] : []),
  ];
  return metrics.map(({ name, help, samples }) => [
    `# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...samples.map(({ labels, value }) => `${name}${labelText(labels)} ${value}`),
  ].join('\n')).join('\n') + '\n';
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`))}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

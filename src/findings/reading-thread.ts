/* oxlint-disable unicorn/require-post-message-target-origin -- a thread's port has no origin */
import { parentPort, workerData } from 'node:worker_threads';
import { read } from './reading.ts';
import type { ReadingJob, ReadingRules } from './reading.ts';

// A thread of its own: whatever a message does to the parser, ingress goes on. reading-pool.ts ends it when it takes too long.
const rules = workerData as ReadingRules;

parentPort?.on('message', (job: ReadingJob) => {
  read(job, rules).then(
    (enrichment) => parentPort?.postMessage({ kind: 'read', enrichment }),
    (fault: unknown) => parentPort?.postMessage({ kind: 'failed', why: String(fault) }),
  );
});
parentPort?.postMessage({ kind: 'ready' });

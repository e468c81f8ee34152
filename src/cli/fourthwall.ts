#!/usr/bin/env node
import { nodeProblem } from './node-version.ts';

// Everything else is imported only after this: an old Node should say so in words, not with a stack trace.
const problem = nodeProblem(process.versions.node);
if (problem === null) {
  const { main } = await import('./main.ts');
  await main();
} else {
  process.stderr.write(problem);
  process.exitCode = 2;
}

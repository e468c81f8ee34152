#!/usr/bin/env node
// As a whole: an old Node has no such name in it, and could not even begin.
import nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';
import { nodeProblem } from './node-version.ts';

// Everything else is imported only after this: an old Node should say so in words, not with a stack trace.
const problem = nodeProblem(process.versions.node);
if (problem === null) {
  // Half of a start is reading a thousand modules. In a folder of the installation's own, since what lies there is run; where it cannot be written nothing is kept.
  nodeModule.enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/fourthwall', import.meta.url)));
  const { main } = await import('./main.ts');
  await main();
} else {
  process.stderr.write(problem);
  process.exitCode = 2;
}

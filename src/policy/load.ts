import { createHash } from 'node:crypto';
import type { Document, Node } from 'yaml';
import { LineCounter, isAlias, isScalar, parseAllDocuments, visit } from 'yaml';
import { checkRules } from './check-rules.ts';
import { policyFile } from './file/policy-file.ts';
import type { Reading } from './file/shape.ts';
import { report } from './file/shape.ts';
import type { Policy } from './policy.ts';
import type { Problem } from './problem.ts';

export type LoadedPolicy =
  | { readonly kind: 'policy'; readonly policy: Policy }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

const longest = 1024 * 1024;
/** told of one file; of the rest it is said how many they are */
const mostProblems = 100;
/** what holds where the file does not say: the breaker is on */
const defaultBurst = { recipients: 50, perMs: 60_000 };

/**
 * Reads and compiles a policy. Either everything in it is right, or all its problems are listed and there is no policy.
 * @param options.file name for the problems
 * @param options.env values for `${NAME}`; they go into the compiled rules, never into a problem or the sha256
 * @param options.providers what `provider` and `channel` may name
 */
export function loadPolicy(text: string, options: Pick<Reading, 'file' | 'env' | 'providers'>): LoadedPolicy {
  const lines = new LineCounter();
  const reading: Reading = { ...options, lines, problems: [] };
  const root = readYaml(text, reading);
  if (root === null) return { kind: 'problems', problems: told(reading.problems) };
  const read = policyFile.read(root, '', reading);
  checkRules(root, reading);
  if (read === undefined || reading.problems.length > 0) return { kind: 'problems', problems: told(reading.problems) };
  const burst = read.limits?.burst ?? defaultBurst;
  return {
    kind: 'policy',
    policy: {
      file: options.file,
      sha256: createHash('sha256').update(text, 'utf8').digest('hex'),
      safe: read.safe ?? { emails: [], phones: [], devices: [] },
      internal: read.internal ?? [],
      default: read.default,
      limits: { burst: burst === 'off' ? null : burst },
      rules: read.rules,
      usesFindings: read.rules.some((rule) => rule.usesFindings),
    },
  };
}

/** The root mapping of exactly one plain document: no duplicate keys, no anchors and aliases, no tags. Null after a report. */
function readYaml(text: string, reading: Reading): Node | null {
  const whole = (expected: string, found: string, offset = 0): null => {
    const { line, col } = reading.lines.linePos(offset);
    reading.problems.push({ file: reading.file, line: Math.max(line, 1), column: Math.max(col, 1), key: '', found, expected });
    return null;
  };
  if (text.length > longest) return whole(`at most ${longest} characters`, `${text.length} characters`);
  let documents: readonly Document.Parsed[];
  try {
    const parsed = parseAllDocuments(text, { lineCounter: reading.lines, uniqueKeys: false, prettyErrors: false, version: '1.2', schema: 'core', merge: false });
    documents = 'empty' in parsed ? [] : parsed;
  } catch (error) {
    return whole('YAML', error instanceof Error ? error.message : String(error));
  }
  for (const document of documents) {
    for (const error of [...document.errors, ...document.warnings]) whole('plain YAML 1.2', error.message, error.pos[0]);
    refuseIndirection(document, reading);
    // The parser's own check compares every key with every other: seconds, for a mapping of many.
    refuseDuplicates(document, (offset) => whole('plain YAML 1.2', 'Map keys must be unique', offset));
  }
  // A duplicate key leaves a tree that can still be read for the other problems; anything else does not.
  if (documents.some((document) => document.errors.length > 0)) return null;
  if (reading.problems.some((problem) => problem.expected === indirection)) return null;
  const root = documents[0]?.contents;
  if (documents.length > 1) return whole('one document', `${documents.length} documents`);
  if (root === undefined || root === null) return whole('a policy', 'nothing');
  return root;
}

const indirection = 'the value itself: anchors, aliases, tags and deep nesting are not read';
const deepest = 40;

/** An alias makes a small file large and puts one place's meaning at another; a tag changes what a value is. */
function refuseIndirection(document: Document.Parsed, reading: Reading): void {
  visit(document, {
    Node(_key, node, path) {
      if (path.length > deepest) {
        report(node, '', reading, indirection, `more than ${deepest} levels`);
        return visit.BREAK;
      }
      const name = isAlias(node) ? `the alias ${node.source}` : node.anchor !== undefined ? `the anchor ${node.anchor}` : null;
      if (name !== null) report(node, '', reading, indirection, name);
      else if (!isAlias(node) && node.tag !== undefined) report(node, '', reading, indirection, `the tag ${node.tag}`);
      return undefined;
    },
  });
}

function refuseDuplicates(document: Document.Parsed, refuse: (offset: number) => void): void {
  visit(document, {
    Map(_key, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) refuse(key.range?.[0] ?? 0);
        seen.add(key.value);
      }
    },
  });
}

/** By their place; the first hundred, and how many more there are. */
function told(problems: readonly Problem[]): readonly Problem[] {
  const inOrder = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
  const next = inOrder[mostProblems];
  return next === undefined ? inOrder
    : [...inOrder.slice(0, mostProblems), { ...next, key: '', found: `${inOrder.length - mostProblems} more problems from here on`, expected: 'none' }];
}

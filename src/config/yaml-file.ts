import { LineCounter, isCollection, isMap, isNode, isScalar, parseDocument, visit } from 'yaml';
import type { Node } from 'yaml';
import type { Problem } from '../policy/problem.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
export type Path = readonly (string | number)[];

/** A YAML file as a plain value, with the place of every key. */
export interface YamlFile {
  readonly value: unknown;
  /** true where the value was written as `${NAME}` */
  fromVariable(path: Path): boolean;
  problem(path: Path, found: string, expected: string): Problem;
  /** for a reader that goes by nodes; null where nothing stands */
  node(path: Path): Node | null;
  readonly lines: LineCounter;
}

const variable = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/;

/**
 * Reads YAML 1.2 core with unique keys and no anchors. A scalar that is exactly `${NAME}` becomes the value of that
 * variable, after parsing, so that a value can never change the structure. Unset or empty is a problem.
 */
export function readYaml(text: string, options: { readonly file: string; readonly env: Environment }): { readonly yaml: YamlFile; readonly problems: readonly Problem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false, version: '1.2', schema: 'core' });
  const at = (offset: number | undefined) => {
    const { line, col } = offset === undefined ? { line: 0, col: 0 } : lines.linePos(offset);
    return { file: options.file, line, column: col };
  };
  const problems: Problem[] = [...document.errors, ...document.warnings].map((fault) =>
    ({ ...at(fault.pos[0]), key: '', found: fault.message, expected: 'YAML' }));
  const substituted = new Set<unknown>();
  visit(document, {
    Alias(_key, node) {
      problems.push({ ...at(node.range?.[0]), key: '', found: `alias *${node.source}`, expected: 'the value written out; aliases are not used here' });
    },
    Scalar(key, node) {
      const name = key !== 'key' && typeof node.value === 'string' ? variable.exec(node.value)?.[1] : undefined;
      if (name === undefined) return;
      const value = options.env[name];
      if (value === undefined || value === '') problems.push({ ...at(node.range?.[0]), key: '', found: `\${${name}}, which is not set`, expected: `the variable ${name} in the environment` });
      substituted.add(node);
      node.value = value ?? '';
    },
  });

  function nodeAt(path: Path): Node | null {
    const node: unknown = path.length === 0 ? document.contents : document.getIn([...path], true);
    return isNode(node) ? node : null;
  }
  const yaml: YamlFile = {
    // with a fault in the text nothing of the value is to be relied on
    value: problems.length > 0 ? null : document.toJS({ maxAliasCount: 0 }),
    node: nodeAt,
    lines,
    fromVariable: (path) => substituted.has(nodeAt(path)),
    problem(path, found, expected) {
      const key = path.map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`)).join('');
      return { ...at(place(path)), key, found, expected };
    },
  };
  /** where the key of a path stands; a missing key is placed at its parent */
  function place(path: Path): number | undefined {
    for (let length = path.length; length > 0; length -= 1) {
      const parent = nodeAt(path.slice(0, length - 1));
      const step = path[length - 1];
      const pair = isMap(parent) ? parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step)) : undefined;
      const key = pair !== undefined && isScalar(pair.key) ? pair.key.range?.[0] : undefined;
      const item = isCollection(parent) && pair === undefined && typeof step === 'number' ? nodeAt(path.slice(0, length))?.range?.[0] : undefined;
      if (key !== undefined || item !== undefined) return key ?? item;
    }
    return document.contents?.range?.[0];
  }
  return { yaml, problems };
}

import type { TSchema } from 'typebox';
import { Errors } from 'typebox/value';
import type { Problem } from '../policy/problem.ts';
import type { Path, YamlFile } from './yaml-file.ts';

/** Every place where the file does not fit its schema, in the words of the schema's own descriptions. */
export function schemaProblems(schema: TSchema, yaml: YamlFile): readonly Problem[] {
  const problems: Problem[] = [];
  for (const error of Errors(schema, yaml.value)) {
    const path = steps(error.instancePath, yaml.value);
    if (error.keyword === 'additionalProperties') {
      for (const key of error.params.additionalProperties) problems.push(yaml.problem([...path, key], 'an unknown key', `one of ${known(at(schema, error.schemaPath)).join(', ')}`));
    } else if (error.keyword === 'required') {
      for (const key of error.params.requiredProperties) problems.push(yaml.problem([...path, key], 'nothing', 'this key'));
    } else if (error.keyword !== 'boolean') { // 'boolean' repeats additionalProperties for each key
      problems.push(yaml.problem(path, shown(path, yaml), describe(at(schema, error.schemaPath)) ?? error.message));
    }
  }
  return problems.filter((problem, index) => index === problems.findIndex((same) => same.key === problem.key && same.found === problem.found));
}

/** What stands there, shortened; never the value of a variable. */
export function shown(path: Path, yaml: YamlFile): string {
  if (yaml.fromVariable(path)) return 'the value of a variable';
  const value = path.reduce<unknown>((inner, step) => child(inner, String(step)), yaml.value);
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function child(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}

function pointer(text: string): readonly string[] {
  return text.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function steps(text: string, root: unknown): Path {
  let value = root;
  return pointer(text).map((step) => {
    const path = Array.isArray(value) ? Number(step) : step;
    value = child(value, step);
    return path;
  });
}

/** The schema an error speaks of: paths look like '#/properties/relays/patternProperties/<pattern>/properties/port'. */
function at(schema: TSchema, path: string): unknown {
  let value: unknown = schema;
  let rest = path.replace(/^#\/?/, '');
  while (rest !== '' && typeof value === 'object' && value !== null) {
    // a pattern may itself hold slashes: take the longest key that fits
    const key = Object.keys(value).filter((candidate) => rest === candidate || rest.startsWith(`${candidate}/`)).toSorted((a, b) => b.length - a.length)[0];
    if (key === undefined) return value;
    value = child(value, key);
    rest = rest.slice(key.length + 1);
  }
  return value;
}

function describe(schema: unknown): string | null {
  const text = child(schema, 'description');
  return typeof text === 'string' ? text : null;
}

function known(schema: unknown): readonly string[] {
  const properties = child(schema, 'properties');
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : ['a name of a-z 0-9 . _ -'];
}

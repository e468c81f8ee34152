import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { lineSchemas, type LineKind } from './schema.ts';
import { nestsDeeper } from './lines.ts';

/** Deeper than anything that a gateway records. */
const deepest = 500;

const ajv = new Ajv({ allErrors: false, strict: false });
const checks = new Map<string, ValidateFunction>(Object.entries(lineSchemas).map(([kind, schema]) => [kind, ajv.compile(schema)]));

/** A line as what it says it is. Throws what is wrong with it, by names of fields and never by what stands in them. */
export function readLine(bytes: Uint8Array): { readonly kind: LineKind } {
  if (nestsDeeper(bytes, deepest)) throw new Error(`is nested deeper than ${deepest}`);
  const value = parsed(bytes);
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
  const check = typeof kind === 'string' ? checks.get(kind) : undefined;
  if (check === undefined) throw new Error(`is of no kind that an export has (${[...checks.keys()].join(', ')})`);
  if (!check(value)) throw new Error(said(check.errors ?? []));
  return value as { readonly kind: LineKind };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // The parser's own message would show what stands there.
    throw new Error('is no JSON');
  }
}

/** The one that lies deepest: the others say only that no alternative fitted. */
function said(errors: readonly ErrorObject[]): string {
  const [worst] = errors.toSorted((one, other) => other.instancePath.length - one.instancePath.length || rank(one) - rank(other));
  if (worst === undefined) return 'is not valid';
  const at = worst.instancePath.split('/').filter((part) => part !== '').join('.');
  const { additionalProperty, missingProperty } = worst.params as { readonly additionalProperty?: string; readonly missingProperty?: string };
  if (additionalProperty !== undefined) return `${at === '' ? '' : `${at}: `}holds a field that is not known (${JSON.stringify(additionalProperty.slice(0, 60))})`;
  if (missingProperty !== undefined) return `${at === '' ? '' : `${at}.`}${missingProperty} is missing`;
  return `${at === '' ? 'it' : at} ${worst.keyword === 'pattern' ? 'is not written as it has to be' : worst.message ?? 'is not valid'}`;
}

function rank({ keyword }: ErrorObject): number {
  return keyword === 'additionalProperties' || keyword === 'required' ? 0 : keyword === 'anyOf' || keyword === 'const' || keyword === 'type' ? 2 : 1;
}

import { Ajv } from 'ajv';
import type { ErrorObject } from 'ajv';
import type { FastifySchema, FastifySchemaCompiler } from 'fastify';
import { badInput } from './problem.ts';

/** Addresses carry text only, so numbers and lists are read from it; a JSON body says what it means and is never bent. */
const ofAddress = new Ajv({ coerceTypes: 'array', useDefaults: true, removeAdditional: false, allErrors: false });
const ofBody = new Ajv({ coerceTypes: false, useDefaults: true, removeAdditional: false, allErrors: false });

/** Nothing unknown passes: a misspelt filter would silently widen what is listed, judged or deleted. */
export const validatorCompiler: FastifySchemaCompiler<FastifySchema> = ({ schema, httpPart }) => {
  const validate = (httpPart === 'body' ? ofBody : ofAddress).compile(schema as object);
  const known = Object.keys((schema as { properties?: object }).properties ?? {});
  return (data: unknown) => {
    if (validate(data)) return { value: data };
    return { error: said(validate.errors?.[0], known) };
  };
};

function said(error: ErrorObject | undefined, known: readonly string[]): Error {
  if (error === undefined) return badInput('request', 'is not valid');
  const { additionalProperty, allowedValues, missingProperty } = error.params as {
    additionalProperty?: string; allowedValues?: readonly unknown[]; missingProperty?: string;
  };
  const at = error.instancePath.split('/').filter((part) => part !== '').join('.');
  if (additionalProperty !== undefined) {
    const name = at === '' ? additionalProperty : `${at}.${additionalProperty}`;
    return badInput(name, at === '' ? `is not known here; known are ${known.join(', ')}` : 'is not known here');
  }
  if (missingProperty !== undefined) return badInput(at === '' ? missingProperty : `${at}.${missingProperty}`, 'is missing');
  return badInput(at === '' ? 'body' : at, `${error.message ?? 'is not valid'}${allowedValues === undefined ? '' : `: ${allowedValues.join(', ')}`}`);
}

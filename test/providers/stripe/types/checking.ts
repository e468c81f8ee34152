import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const modules = dirname(dirname(createRequire(import.meta.url).resolve('typescript/package.json')));

/** One object as it was shown, and the type of the SDK it has to have: 'Stripe.Customer'. */
export interface Checked {
  /** names it in a fault */
  readonly name: string;
  readonly type: string;
  readonly shown: unknown;
}

/**
 * What the SDK's types mean on the wire: a decimal is text there, and of an enumeration only the words it names (the SDK allows any
 * other besides, for the time to come).
 */
const preamble = `import type { Stripe } from 'stripe';
type Other = string & Record<never, never>;
type IsOther<T> = (<G>() => G extends T ? 1 : 2) extends (<G>() => G extends Other ? 1 : 2) ? true : false;
type Wire<T> = T extends string ? (IsOther<T> extends true ? never : T) : T extends number | boolean | null | undefined ? T : T extends Stripe.Decimal ? string
  : T extends readonly (infer Item)[] ? Wire<Item>[] : T extends object ? { [Key in keyof T]: Wire<T[Key]> } : T;
type EventOf<Name extends string> = Extract<Stripe.Event, { type: Name }>;
type DataOf<Name extends string> = EventOf<Name>['data']['object'];
`;

/** What is wrong with them: the compiler's own words, each with the name of its object. The objects are its literals, so that it misses no property too many. */
export async function typeFaults(objects: readonly Checked[]): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'fourthwall-stripe-types-'));
  try {
    symlinkSync(modules, join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({
      compilerOptions: { target: 'es2024', lib: ['es2024'], module: 'nodenext', moduleResolution: 'nodenext', types: ['node'], strict: true, skipLibCheck: true, noEmit: true, noErrorTruncation: false },
      include: ['*.ts'],
    }));
    // one line an object, so that a line is its name
    const lines = objects.map(({ type, shown }, index) => `export const shown${index}: Wire<${type}> = ${JSON.stringify(shown).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')};`);
    writeFileSync(join(folder, 'shown.ts'), `${preamble}${lines.join('\n')}\n`);
    const first = preamble.split('\n').length;
    const said = await promisify(execFile)(process.execPath, [join(modules, 'typescript/bin/tsc'), '-p', folder], { cwd: folder, maxBuffer: 64 * 1024 * 1024 })
      .then(() => '', (error: { readonly stdout?: string; readonly message: string }) => (error.stdout === undefined || error.stdout === '' ? `the compiler did not run: ${error.message}` : error.stdout));
    return said.split('\n').filter((line) => line !== '' && !line.startsWith(' ')).map((line) => {
      const [, row, what] = /^shown\.ts\((\d+),\d+\): error (.*)$/.exec(line) ?? [];
      const object = objects[Number(row ?? 0) - first];
      return object === undefined ? line : `${object.name}: ${what!.slice(0, 400)}`;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

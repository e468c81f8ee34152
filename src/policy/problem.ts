/** One thing wrong with a policy file. Start-up and `policy check` list all of them at once. */
export interface Problem {
  readonly file: string;
  /** counted from 1 */
  readonly line: number;
  readonly column: number;
  /** 'rules[2].when.chanel'; '' for the file as a whole */
  readonly key: string;
  /** as it stands in the file; the value of a variable is never shown */
  readonly found: string;
  readonly expected: string;
}

/** 'config/policy.yaml:12:5: rules[2].when.chanel: found "chanel", expected one of host, port ... (did you mean channel?)' */
export function problemText(problem: Problem): string {
  const key = problem.key === '' ? '' : ` ${problem.key}:`;
  return `${problem.file}:${problem.line}:${problem.column}:${key} found ${problem.found}, expected ${problem.expected}`;
}

import type { Judgement } from '../control/judge.ts';

/**
 * The verdict as JUnit XML: one test case for each expectation; a broken one is a failure, a doubt is an error, so that
 * no reader of the file can take an inconclusive run for a green one.
 * @param detail the reasons in words, by expectation or cause
 */
export function junitXml(judged: Judgement, detail: ReadonlyMap<string, string>): string {
  const names = [...new Set([...judged.scope.expect.split(','), ...judged.reasons.map(({ expectation }) => expectation)])];
  const cases = names.map((name) => {
    const reason = judged.reasons.find(({ expectation, kind }) => expectation === name && kind === 'fail') ?? judged.reasons.find(({ expectation }) => expectation === name);
    const open = `<testcase classname="fourthwall" name="${escaped(name)}"`;
    if (reason === undefined) return `    ${open}/>`;
    const tag = reason.kind === 'fail' ? 'failure' : 'error';
    return `    ${open}><${tag} message="${escaped(reason.why)}">${escaped(detail.get(name) ?? reason.why)}</${tag}></testcase>`;
  });
  const count = (kind: 'fail' | 'inconclusive'): number => names.filter((name) => {
    const kinds = judged.reasons.filter(({ expectation }) => expectation === name).map((reason) => reason.kind);
    return kind === 'fail' ? kinds.includes('fail') : kinds.length > 0 && !kinds.includes('fail');
  }).length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>',
    `  <testsuite name="fourthwall" tests="${names.length}" failures="${count('fail')}" errors="${count('inconclusive')}" skipped="0">`,
    ...cases, '  </testsuite>', '</testsuites>', '',
  ].join('\n');
}

/** XML 1.0 has no way at all to write most control characters. */
function escaped(text: string): string {
  return text.toWellFormed().replace(/\p{Cc}|[\uFFFE\uFFFF]/gu, (character) => ('\n\t'.includes(character) ? character : '\uFFFD'))
    .replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

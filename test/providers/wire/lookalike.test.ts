import { expect, it } from 'vitest';
import { lookalike } from '../../../src/providers/wire/lookalike.ts';

it.each([
  [['to', 'cc'], null], [['To'], 'To'], [['to', 'TO'], 'TO'], [['mailSettings'], 'mailSettings'], [['mail-settings'], 'mail-settings'], [['ｔｏ'], 'ｔｏ'], [['total', 'from'], null],
])('among %j finds %s', (names, found) => {
  expect(lookalike(names, ['to', 'cc', 'mail_settings'])).toBe(found);
});

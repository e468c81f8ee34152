import type { Finding } from '../model/capture.ts';
import { excerptOf } from './excerpt.ts';
import { salutationsIn } from './salutation.ts';
import type { Said } from './said.ts';

/**
 * The joke of a test record that reached a customer ("Dear Rich Bastard", a bank's mailing of 1993). Only looked for where a
 * name belongs, whole words only, so that nobody called Dick or living in Scunthorpe is one. Short on purpose.
 */
const insults = /(?<![\p{L}])(?:bastard|idiot|moron|asshole|arsehole|bitch|wanker|loser|fuck\w{0,4}|shit\w{0,4}|cunt|dumbass|twat|arschloch|wichser|depp|trottel|vollidiot|schei(?:ß|ss)\w{0,6}|blödmann|connard|salope|pendejo|cabrón|stronzo|klootzak)(?![\p{L}])/iu;

/** 'Dear rich bastard,' */
export function rudeSalutation(said: Said): readonly Finding[] {
  return [{ where: 'text', content: said.text }, { where: 'html', content: said.visible }].flatMap(({ where, content }) => {
    const rude = salutationsIn(content).find(({ name }) => insults.test(name));
    return rude === undefined ? [] : [{ id: 'rude-salutation', title: 'The salutation insults the reader', where, excerpt: excerptOf(rude.line) }];
  });
}

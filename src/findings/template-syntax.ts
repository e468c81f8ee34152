import type { Finding } from '../model/capture.ts';
import { around } from './excerpt.ts';
import { placesOf } from './said.ts';
import type { Said } from './said.ts';

/** Placeholders of template languages, each as it looks when nobody filled it in. Bounded: no match is longer than 100. */
const syntaxes: readonly RegExp[] = [
  /\{\{[^{}\n]{0,90}\}\}/, // Mustache, Handlebars, Jinja, Liquid, Angular, Vue
  /\{%[^%{}\n]{1,90}%\}/, // Jinja, Liquid, Twig
  /<%[^%<>\n]{1,90}%>/, // ERB, EJS, JSP
  /\$\{[^{}\n]{1,90}\}/, // template literals, FreeMarker, Thymeleaf
  /#\{[^{}\n]{1,90}\}/, // Ruby, Pug
  /%%[\w.-]{1,60}%%/, // Salesforce Marketing Cloud
  /\[\[\s{0,3}[\w.|-]{1,60}\s{0,3}\]\]/, // Thymeleaf, Mailgun lists
  /\*\|[\w:.-]{1,60}\|\*/, // Mailchimp, Mandrill
  /(?<![\w{])\{[a-z]+(?:_[a-z]+)+\}(?!\})/i, // {first_name}
];

/** 'Hello {{name}}': a template that was not rendered, or a variable that was not known. */
export function templateSyntax(said: Said): readonly Finding[] {
  return placesOf(said).flatMap(({ where, content }) => {
    const readable = where === 'link' ? decodedLink(content) : content;
    const match = syntaxes.map((syntax) => syntax.exec(readable)).find((found) => found !== null);
    if (!match) return [];
    return [{ id: 'unrendered-template', title: 'Template syntax was not replaced', where, excerpt: around(readable, match.index, match[0].length) }];
  });
}

function decodedLink(link: string): string {
  return link.replace(/%7b/gi, '{').replace(/%7d/gi, '}').replace(/%5b/gi, '[').replace(/%5d/gi, ']').replace(/%7c/gi, '|').replace(/%20/g, ' ');
}

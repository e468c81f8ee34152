import { invalid } from '../errors.ts';
import { text } from '../params.ts';
import type { Optional } from '../params.ts';

/** An address of the application that a browser is sent to. Its own schemes ('myapp://done') are fine; what a browser would run or show itself is not. */
export const returnUrl: Optional<string> = (value, name) => {
  const url = text(value, name);
  if (typeof url === 'string' && !/^(?!(?:javascript|data|vbscript|blob|file|about):)[a-z][a-z0-9+.-]*:\/\/[^\s\p{Cc}]+$/iu.test(url)) {
    throw invalid('Invalid URL: An explicit scheme (such as https) must be provided.', { code: 'url_invalid', param: name });
  }
  return url;
};

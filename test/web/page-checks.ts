import type { Page } from 'playwright-core';

/** What a screen reader or a keyboard would stumble over, as sentences; none is good. The rules are axe's, the most frequent ones. */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const faults: string[] = [];
    const visible = (element: Element): boolean => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    const describeIt = (element: Element): string => element.outerHTML.slice(0, 120);
    const nameOf = (element: Element): string => {
      const labelled = (element.getAttribute('aria-labelledby') ?? '').split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? '').join(' ').trim();
      const label = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? [...(element.labels ?? [])].map((one) => one.textContent).join(' ') : '';
      const inner = element.querySelector('[aria-label]')?.getAttribute('aria-label') ?? '';
      return labelled || element.getAttribute('aria-label') || label.trim() || (element.textContent ?? '').trim() || inner || (element.getAttribute('title') ?? '');
    };
    for (const element of document.querySelectorAll('a, button, input, textarea, select, iframe, dialog, [role="tab"], [role="img"], [role="listbox"], [role="region"], [role="group"], section, nav, aside')) {
      if (visible(element) && nameOf(element) === '') faults.push(`no name: ${describeIt(element)}`);
    }
    for (const image of document.querySelectorAll('img:not([alt])')) faults.push(`no alt: ${describeIt(image)}`);
    const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
    for (const id of new Set(ids.filter((one, index) => ids.indexOf(one) !== index))) faults.push(`id twice: ${id}`);
    if (document.querySelectorAll('main').length !== 1) faults.push(`${document.querySelectorAll('main').length} main landmarks`);
    if (document.querySelectorAll('h1').length !== 1) faults.push(`${document.querySelectorAll('h1').length} first headings`);
    if (document.documentElement.lang === '') faults.push('no language');
    for (const element of document.querySelectorAll('[aria-controls], [aria-labelledby], [aria-activedescendant]')) {
      for (const name of ['aria-controls', 'aria-labelledby', 'aria-activedescendant']) {
        const id = element.getAttribute(name);
        if (id !== null && document.getElementById(id) === null) faults.push(`${name} points nowhere: ${describeIt(element)}`);
      }
    }
    return faults;
  });
}

/** Texts whose contrast with what is behind them is under WCAG 2.2 AA (4.5, large text 3). */
export async function contrastFaults(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    type Colour = readonly [number, number, number, number];
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
    const colour = (css: string): Colour => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = css;
      canvas.fillRect(0, 0, 1, 1);
      const [r = 0, g = 0, b = 0, a = 0] = canvas.getImageData(0, 0, 1, 1).data;
      return [r, g, b, a / 255];
    };
    const over = (top: Colour, under: Colour): Colour => {
      const mix = (index: 0 | 1 | 2): number => top[index] * top[3] + under[index] * (1 - top[3]);
      return [mix(0), mix(1), mix(2), 1];
    };
    const light = ([r, g, b]: Colour): number => {
      const part = (value: number): number => { const v = value / 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
      return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
    };
    const ground = (element: Element): Colour => {
      const layers: Colour[] = [];
      for (let at: Element | null = element; at !== null; at = at.parentElement) layers.push(colour(getComputedStyle(at).backgroundColor));
      return layers.reduceRight<Colour>((under, layer) => over(layer, under), [255, 255, 255, 1]);
    };
    const faults = new Set<string>();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement;
      const text = (node.textContent ?? '').trim();
      if (element === null || text === '' || /^[→·\s]+$/.test(text) || !element.checkVisibility({ visibilityProperty: true }) || element.closest('.visually-hidden, noscript, .skip') !== null) continue;
      const style = getComputedStyle(element);
      const behind = ground(element);
      const [a, b] = [light(over(colour(style.color), behind)), light(behind)];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      const size = Number.parseFloat(style.fontSize);
      const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      if (ratio < (large ? 3 : 4.5)) faults.add(`${ratio.toFixed(2)} for ${JSON.stringify(text.slice(0, 40))} in <${element.tagName.toLowerCase()} class="${element.className}">`);
    }
    return [...faults];
  });
}

export async function sidewaysOverflow(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - document.documentElement.clientWidth);
}

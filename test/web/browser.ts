import chromium from '@sparticuz/chromium';
import { chromium as playwright } from 'playwright-core';
import type { Browser } from 'playwright-core';

/** A real headless browser that talks to nobody on its own account. */
export async function openBrowser(): Promise<Browser> {
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: [
      // As root in a container there is no user namespace for Chromium's own sandbox; `sandbox` of a frame does not need it.
      '--no-sandbox', '--disable-gpu', '--font-render-hinting=none',
      '--disable-background-networking', '--disable-component-update', '--disable-domain-reliability', '--disable-sync', '--disable-default-apps', '--no-first-run', '--no-pings',
    ],
    headless: true,
  });
}

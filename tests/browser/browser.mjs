// Debian's Chromium, and a site from a folder: the address that the pipeline was given is answered with the folder's
// files, as a web server would, without one.
import { chromium } from 'playwright-core';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

export const ADDRESS = 'http://localhost:8000/';

const TYPES = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.xml': 'application/xml' };

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox', // root has none
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

async function fileAt(folder, url) {
  const place = decodeURIComponent(new URL(url).pathname);
  const file = path.join(folder, place.endsWith('/') ? `${place}index.html` : place);
  try {
    return { status: 200, contentType: TYPES[path.extname(file)] ?? 'text/plain', body: await readFile(file) };
  } catch {
    return { status: 404, contentType: TYPES['.html'], body: await readFile(path.join(folder, '404.html')) };
  }
}

// A browser window onto the site; nothing else is reached. `options` are those of a context of Playwright.
export async function open(browser, folder, options = {}) {
  const context = await browser.newContext({ locale: 'sv-SE', viewport: { width: 1280, height: 900 }, ...options });
  await context.route('**/*', async (route) => {
    const url = route.request().url();
    await (url.startsWith(ADDRESS) ? route.fulfill(await fileAt(folder, url)) : route.abort());
  });
  return context;
}

// One page of a server in the browser: what axe finds (WCAG 2.1 AA), its languages and headings, a line each; nothing of
// axe's is good. Usage: node look.mjs ADDRESS
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { launch } from './browser.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];

const browser = await launch();
const page = await browser.newPage();
await page.goto(process.argv[2]);
await page.evaluate(axe);
const { violations } = await page.evaluate((options) => axe.run(document, options), { runOnly });
for (const { id, nodes } of violations) for (const node of nodes) console.log(`axe ${id} ${node.html}`);
console.log('language', await page.locator('html, .referat').last().evaluate((text) => text.closest('[lang]').lang));
for (const heading of await page.locator('h1, h2, h3').all())
  console.log(await heading.evaluate((h) => `${h.tagName.toLowerCase()} ${h.textContent}`));
await browser.close();

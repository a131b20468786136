// WCAG 2.1 AA, as far as a program sees it: one page of each kind and a mail, in light, in the dark and on a phone.
import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import test, { after, before } from 'node:test';
import { ADDRESS, launch, open } from './browser.mjs';
import { KINDS, MAILS, SITE, mails } from './site.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];
const LOOKS = {
  'in the light': { colorScheme: 'light' },
  'in the dark': { colorScheme: 'dark' },
  'on a narrow phone': { viewport: { width: 320, height: 640 } },
};
let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

async function violations(page) {
  await page.evaluate(axe);
  const result = await page.evaluate((tags) => axe.run(document, { runOnly: tags }), TAGS);
  assert.ok(result.passes.length > 10, 'axe looked at the page');
  return result.violations.flatMap((v) => v.nodes.map((node) => `${v.id}: ${node.html} ${node.failureSummary}`));
}

for (const [look, options] of Object.entries(LOOKS))
  test(`axe finds nothing ${look}`, async () => {
    const context = await open(browser, SITE, options);
    const page = await context.newPage();
    for (const [kind, place] of Object.entries(KINDS)) {
      await page.goto(ADDRESS + place, { waitUntil: 'load' });
      assert.deepStrictEqual(await violations(page), [], kind);
    }
    await context.close();
  });

test('axe finds nothing in a mail', async () => {
  const context = await open(browser, MAILS);
  const page = await context.newPage();
  await page.setContent(readFileSync(mails()[0], 'utf8'));
  assert.deepStrictEqual(await violations(page), []);
  await context.close();
});

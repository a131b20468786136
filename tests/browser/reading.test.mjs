// How a resident reads: on a phone, by keyboard, on paper, without script, and long after the meeting.
import assert from 'node:assert';
import { existsSync } from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { ADDRESS, launch, open } from './browser.mjs';
import { CORRECTED, KINDS, MOVED, SITE, WITHDRAWN, pages } from './site.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

// Opens a page of the site in a window of its own and hands it over.
async function look(place, options, use) {
  const context = await open(browser, SITE, options);
  const page = await context.newPage();
  await page.goto(ADDRESS + place);
  await use(page);
  await context.close();
}

const texts = (page, selector) => page.locator(selector).allTextContents();

// ---- finding one's way ----

test('every link within the site leads to a file, and to a place in it', async () => {
  await look('', { javaScriptEnabled: false }, async (page) => {
    let links = 0;
    for (const place of pages().filter((place) => place !== MOVED)) {
      await page.goto(ADDRESS + place);
      for (const address of await page.locator('[href]').evaluateAll((all) => all.map((link) => link.href))) {
        if (!address.startsWith(ADDRESS)) continue;
        const { pathname, hash } = new URL(address);
        assert.ok(existsSync(path.join(SITE, pathname.replace(/\/$/, '/index.html'))), `${place}: ${address}`);
        if (hash) assert.strictEqual(await page.locator(hash).count(), 1, `${place}: ${address}`);
        links++;
      }
    }
    assert.ok(links > 100);
  });
});

test('on one page, links of the same words lead to the same place, and none says "här"', async () => {
  await look('', {}, async (page) => {
    for (const place of Object.values(KINDS)) {
      await page.goto(ADDRESS + place);
      const links = await page.locator('a').evaluateAll((all) => all.map((a) => [a.textContent.trim(), a.href]));
      const goals = new Set(links.map((link) => link.join(' ')));
      assert.strictEqual(new Set(links.map(([words]) => words)).size, goals.size, place);
      assert.deepStrictEqual(links.filter(([words]) => /^(klicka )?här$|^läs mer$/i.test(words)), [], place);
    }
  });
});

test('a page that moved sends its reader on', async () => {
  await look(MOVED, {}, async (page) => {
    await page.waitForURL(/byggnadsnamnden-2024-05-16\/$/);
    assert.deepStrictEqual(await texts(page, 'h1'), ['Byggnadsnämnden – aktuella beslut maj 2024']);
  });
});

test('a page that was withdrawn says so and why, and leads on; no list leads to it', async () => {
  await look(WITHDRAWN, {}, async (page) => {
    assert.deepStrictEqual(await texts(page, 'h1'), ['Sammanfattningen är tillbakadragen']);
    assert.match(await page.locator('main').innerText(), /Skälet: Fel belopp\./);
    await page.locator('main a').first().click();
    assert.strictEqual(page.url(), ADDRESS);
    assert.strictEqual(await page.locator(`a[href*="${WITHDRAWN}"]`).count(), 0);
  });
});

// ---- what stands where ----

test('a decision stands right after its heading, with its outcome in a word', async () => {
  await look('2024/byggnadsnamnden-2024-09-18/', {}, async (page) => {
    assert.deepStrictEqual(await texts(page, 'h2 + .decision > .outcomes:first-child .outcome'), [
      '✓ Godkänns',
      '↺ Utreds mer (återremiss)',
      '‖ Skjuts upp (bordläggs)',
    ]);
    const spoken = await page.locator('.outcome').first().ariaSnapshot();
    assert.match(spoken, /Godkänns/);
    assert.doesNotMatch(spoken, /✓/);
  });
});

test('a page says that it is no minutes, and leads to the accessibility statement', async () => {
  await look(CORRECTED, {}, async (page) => {
    assert.deepStrictEqual(await texts(page, '.disclaimer'), [
      'Det här är en sammanfattning. Det är protokollet som gäller.',
    ]);
    assert.ok(await page.getByRole('link', { name: 'Tillgänglighetsredogörelse' }).isVisible());
  });
});

// ---- on a phone ----

test('no page scrolls sideways at 320 px, with the widest spacing that a reader may set', async () => {
  const content = '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }';
  await look('', { viewport: { width: 320, height: 640 } }, async (page) => {
    for (const place of pages().filter((place) => place !== MOVED)) {
      await page.goto(ADDRESS + place);
      await page.addStyleTag({ content });
      const width = await page.evaluate(() => document.scrollingElement.scrollWidth);
      assert.ok(width <= 320, `${place} is ${width} px wide`);
    }
  });
});

// ---- by keyboard ----

test('the first tab shows the way past the head of the page, and it works', async () => {
  await look('', {}, async (page) => {
    for (const place of Object.values(KINDS)) {
      await page.goto(ADDRESS + place);
      await page.keyboard.press('Tab');
      const skip = page.locator('.skip');
      assert.ok(await skip.evaluate((link) => link === document.activeElement), place);
      assert.ok((await skip.boundingBox()).x >= 0, `${place}: it can be seen`);
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      const inside = await page.evaluate(() => !document.activeElement.closest('.top'));
      assert.ok(inside, `${place}: what comes next is not the head`);
    }
  });
});

test('tab goes through all links in the order of reading, and shows where it is', async () => {
  await look(CORRECTED, {}, async (page) => {
    const stops = await page.locator('a[href], [tabindex]').count();
    for (let stop = 0; stop < stops; stop++) {
      await page.keyboard.press('Tab');
      const [place, outline] = await page.evaluate(() => [
        [...document.querySelectorAll('a[href], [tabindex]')].indexOf(document.activeElement),
        getComputedStyle(document.activeElement).outline,
      ]);
      assert.strictEqual(place, stop);
      assert.match(outline, /solid [3-9]/, `stop ${stop}: ${outline}`);
    }
  });
});

// ---- on paper ----

test('paper has the text and where its links lead, not the ways around the site', async () => {
  await look(CORRECTED, {}, async (page) => {
    await page.emulateMedia({ media: 'print' });
    for (const hidden of ['.skip', '.top nav', '.contents', '.bottom ul'])
      assert.ok(await page.locator(hidden).isHidden(), hidden);
    for (const shown of ['.publisher', 'h1', '.day', '.correction', '.decision >> nth=0', '.disclaimer'])
      assert.ok(await page.locator(shown).isVisible(), shown);
    const behind = await page
      .getByRole('link', { name: 'Alla handlingar från sammanträdet' })
      .evaluate((link) => getComputedStyle(link, '::after').content);
    assert.match(behind, /https:\/\/www\.exempelby\.example\/handlingar/);
  });
});

// ---- long after ----

const notice = 'Denna artikel är äldre än 6 månader och är kanske inte längre aktuell.';

// What the reader of the page of April 17, 2024 sees of the notice when the clock says so.
async function noticeAt(instant, timezoneId) {
  let seen;
  const context = await open(browser, SITE, { timezoneId });
  const page = await context.newPage();
  await page.clock.setFixedTime(instant);
  await page.goto(ADDRESS + CORRECTED);
  if (await page.locator('.old').isVisible()) seen = await page.locator('.old').innerText();
  await context.close();
  return seen;
}

test("a page says that it is old from six months on, by the reader's own day", async () => {
  const text = `${notice} Sammanträdet var onsdagen den 17 april 2024.`;
  assert.strictEqual(await noticeAt('2024-04-18T08:00:00Z', 'Europe/Stockholm'), undefined);
  assert.strictEqual(await noticeAt('2024-10-16T21:59:59Z', 'Europe/Stockholm'), undefined);
  assert.strictEqual(await noticeAt('2024-10-16T22:00:00Z', 'Europe/Stockholm'), text);
  assert.strictEqual(await noticeAt('2024-10-17T03:00:00Z', 'America/New_York'), undefined);
  assert.strictEqual(await noticeAt('2031-01-01T12:00:00Z', 'Europe/Stockholm'), text);
});

test('without script everything is there but the notice, and the day of the meeting stands at the top', async () => {
  const body = async (javaScriptEnabled) => {
    let text;
    await look(CORRECTED, { javaScriptEnabled }, async (page) => (text = await page.locator('body').innerText()));
    return text;
  };
  const bare = await body(false);
  assert.match(bare, /aktuella beslut april 2024\s+Sammanträde: onsdagen den 17 april 2024\s/);
  assert.strictEqual(bare, (await body(true)).replace(/Denna artikel är äldre .*\n\n/, ''));
});

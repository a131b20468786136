// The picture in README: a page of the demo on a desk, the start page on a phone. Usage: node picture.mjs SITE PNG
import { ADDRESS, launch, open } from './browser.mjs';

const [site, file] = process.argv.slice(2);
const MEETING = '2024/byggnadsnamnden-2024-09-18/';
const THE_DAY_AFTER = '2024-09-19T08:00:00Z';

const browser = await launch();

async function shoot(place, options) {
  const context = await open(browser, site, options);
  const page = await context.newPage();
  await page.clock.setFixedTime(THE_DAY_AFTER);
  await page.goto(ADDRESS + place);
  const png = await page.screenshot();
  await context.close();
  return `data:image/png;base64,${png.toString('base64')}`;
}

const desk = await shoot(MEETING, { viewport: { width: 900, height: 1100 }, deviceScaleFactor: 0.72 });
const phone = await shoot('', { viewport: { width: 360, height: 720 }, deviceScaleFactor: 0.75 });
const page = await browser.newPage({ viewport: { width: 1000, height: 830 } });
await page.setContent(`<!DOCTYPE html><style>
  body { margin: 0; height: 830px; background: #e3eaee; position: relative; }
  img { position: absolute; border-radius: 8px; border: 1px solid #c3ced5; }
  #desk { left: 30px; top: 18px; }
  #phone { right: 30px; top: 130px; border: 6px solid #1b1f23; border-radius: 24px; }
</style><img id="desk" src="${desk}"><img id="phone" src="${phone}">`);
await page.screenshot({ path: file });
await browser.close();

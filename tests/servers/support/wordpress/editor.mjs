// A post in WordPress' block editor, as its administrator sees it: each block and whether the editor takes it as it is, how
// many warnings it shows, and whether opening it has changed anything. Usage: node editor.mjs SITE POST
import { launch } from '../../../browser/browser.mjs';

const [site, post] = process.argv.slice(2);
const browser = await launch();
const page = await browser.newPage();
const editor = `${site}/wp-admin/post.php?post=${post}&action=edit`;
await page.goto(`${site}/wp-login.php?redirect_to=${encodeURIComponent(editor)}`);
await page.fill('#user_login', 'admin');
await page.fill('#user_pass', 'log in with this');
await page.click('#wp-submit');
await page.waitForSelector('.block-editor-block-list__block');
const blocks = await page.evaluate(() => wp.data.select('core/block-editor').getBlocks());
for (const { name, isValid } of blocks) console.log(name, isValid ? 'as it is' : 'invalid');
console.log('warnings', await page.locator('.block-editor-warning').count());
console.log('changed', await page.evaluate(() => wp.data.select('core/editor').isEditedPostDirty()));
await browser.close();

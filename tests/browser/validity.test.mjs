// What machines say of the files: HTML, CSS, Atom.
import assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import test from 'node:test';
import { feeds, files, mails } from './site.mjs';

const vnu = createRequire(import.meta.url).resolve('vnu-jar/build/dist/vnu.jar');
const grammar = new URL('../unit/atom.rng', import.meta.url).pathname;

function findings(of) {
  assert.ok(of.length > 10);
  const options = ['--also-check-css', '--format', 'json', '--stdout'];
  const run = spawnSync('java', ['-jar', vnu, ...options, ...of], { encoding: 'utf8', maxBuffer: 1 << 26 });
  return JSON.parse(run.stdout).messages.map((m) => `${m.url}:${m.lastLine}: ${m.message}`);
}

test('the validator of HTML finds nothing in any page, style or mail', () => {
  assert.deepStrictEqual(findings([...files(), ...mails()]), []);
});

test('every feed is Atom', () => {
  assert.ok(feeds().length >= 4);
  const run = spawnSync('xmllint', ['--noout', '--nonet', '--relaxng', grammar, ...feeds()], { encoding: 'utf8' });
  assert.strictEqual(run.status, 0, run.stderr);
});

/* Makes build/referat.zip, which is uploaded to Sitevision: the sources as one script of ECMAScript 5, which each of its
 * script engines takes, the manifest and the settings' form. The same sources give the same bytes. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { strToU8, zipSync } from 'fflate';
import typescript from 'typescript';

const folder = new URL('.', import.meta.url).pathname;
const read = (name) => readFileSync(folder + name, 'utf8');

/* What the platform provides is required by its last name, and taken as it comes: it may be an object of Java. */
const platform = {
  name: 'platform',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@sitevision\/api\// }, ({ path }) => ({ path, namespace: 'platform' }));
    onResolve({ filter: /.*/, namespace: 'platform' }, () => ({ external: true }));
    onLoad({ filter: /.*/, namespace: 'platform' }, ({ path }) => ({
      contents: `export default require(${JSON.stringify(path.split('/').pop())})`,
    }));
  },
};

async function script() {
  const bundle = await build({
    entryPoints: [folder + 'src/index.js'],
    bundle: true,
    write: false,
    format: 'cjs',
    target: 'es2015',
    charset: 'utf8',
    plugins: [platform],
  });
  const es5 = { compilerOptions: { target: 'es5', allowJs: true } };
  return `(function () {\n${typescript.transpileModule(bundle.outputFiles[0].text, es5).outputText}})();\n`;
}

const files = {
  'manifest.json': read('manifest.json'),
  'appDataDefaults.json': read('appDataDefaults.json'),
  'config/index.html': read('src/config/index.html'),
  'index.js': await script(),
};
const packed = {};
for (const [name, text] of Object.entries(files)) packed[name] = [strToU8(text), { mtime: '1980-01-01T00:00:00' }];
mkdirSync(folder + 'build', { recursive: true });
writeFileSync(folder + 'build/referat.zip', zipSync(packed));

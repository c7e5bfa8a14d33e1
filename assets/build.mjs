// Builds everything the browser loads into ../internal/platform/web/assets/dist:
// style sheet, scripts, fonts, icon sprite, each also compressed with brotli and gzip.
// The output depends only on the sources here and on package-lock.json, so that
// anybody can rebuild it and compare byte by byte.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { subsetFonts } from './fonts.mjs';
import { iconSprite } from './icons.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, '..', 'internal', 'platform', 'web', 'assets', 'dist');
const fast = process.argv.includes('--fast'); // for work on styles and scripts: keeps the fonts

/** hash is the fingerprint of a file's bytes; assets.go computes the same one. */
const hash = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 10);

function write(name, bytes) {
  const file = path.join(out, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, bytes);
}

async function fonts() {
  const faces = await subsetFonts(here);
  for (const face of faces) write(`fonts/${face.name}.woff2`, face.bytes);
  const css = faces.map((f) => f.css(`fonts/${f.name}.${hash(f.bytes)}.woff2`)).join('\n');
  fs.writeFileSync(path.join(here, 'css', 'faces.generated.css'), css);
}

function styles() {
  const bundled = path.join(here, 'app.bundled.css');
  const cli = path.join(here, 'node_modules', '@tailwindcss', 'cli', 'dist', 'index.mjs');
  execFileSync(process.execPath, [cli, '-i', 'css/app.css', '-o', bundled, '--minify'], { cwd: here, stdio: ['ignore', 'ignore', 'inherit'] });
  const css = fs.readFileSync(bundled, 'utf8').replace(/^\/\*!.*?\*\/\s*/, '');
  fs.rmSync(bundled);
  write('app.css', css.trimEnd() + '\n');
}

async function scripts() {
  const common = { bundle: true, minify: true, write: false, target: 'es2022', legalComments: 'none', absWorkingDir: here };
  for (const [entry, name, format] of [['js/app.js', 'app.js', 'esm'], ['js/sw.js', 'sw.js', 'iife']]) {
    const result = await esbuild.build({ ...common, entryPoints: [entry], format });
    write(name, result.outputFiles[0].contents);
  }
}

/** notices keeps the licences of what is built in beside it. */
function notices() {
  const packages = ['@fontsource/firago', 'htmx.org', 'lucide-static', 'tailwindcss'];
  const texts = packages.map((name) => `${name}\n\n${fs.readFileSync(path.join(here, 'node_modules', name, 'LICENSE'), 'utf8').trim()}\n`);
  write('LICENSES.txt', texts.join(`\n${'-'.repeat(72)}\n\n`));
}

function statics() {
  for (const name of fs.readdirSync(path.join(here, 'static')).sort()) {
    write(name, fs.readFileSync(path.join(here, 'static', name)));
  }
  write('icons.svg', iconSprite(here));
}

function compress(dir) {
  for (const entry of fs.readdirSync(dir, { withFileTypes: true })) {
    const file = path.join(dir, entry.name);
    if (entry.isDirectory()) compress(file);
    else if (/\.(css|js|svg|webmanifest)$/.test(entry.name)) {
      const bytes = fs.readFileSync(file);
      const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
      fs.writeFileSync(file + '.br', brotliCompressSync(bytes, { params }));
      fs.writeFileSync(file + '.gz', gzipSync(bytes, { level: 9 }));
    }
  }
}

if (!fast) {
  fs.rmSync(out, { recursive: true, force: true });
  await fonts();
}
styles();
await scripts();
statics();
notices();
compress(out);

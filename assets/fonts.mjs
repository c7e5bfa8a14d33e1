// FiraGO cut into the alphabets we use, so that a browser loads only those on the page.
// A page preloads the faces of the letters it has (package page finds out which), and a face
// that is not there for the first drawing is left out until the next page: nothing moves.
// What comes into a page later, as in the drawer, may wait for its letters ("FiraGO late").
import fs from 'node:fs';
import path from 'node:path';
import subsetFont from 'subset-font';

const weights = [400, 500, 600];

const alphabets = {
  latin: [[0x20, 0x7e], [0xa0, 0xff], [0x2010, 0x2015], [0x2018, 0x201e], [0x2022, 0x2022], [0x2026, 0x2026], [0x2030, 0x2030], [0x2032, 0x2033], [0x2039, 0x203a], [0x20ac, 0x20ac], [0x20bd, 0x20be], [0x2116, 0x2116], [0x2122, 0x2122], [0x2190, 0x2193], [0x2212, 0x2212], [0x2248, 0x2248], [0x2264, 0x2265]],
  'latin-ext': [[0x100, 0x17f], [0x218, 0x21b], [0x1e80, 0x1e85]],
  cyrillic: [[0x400, 0x45f], [0x490, 0x491]],
  georgian: [[0x10d0, 0x10ff]],
};

const features = ['kern', 'locl', 'tnum', 'lnum'];

const hex = (n) => n.toString(16).toUpperCase();
const text = (ranges) => ranges.flatMap(([a, b]) => Array.from({ length: b - a + 1 }, (_, i) => String.fromCodePoint(a + i))).join('');
const cssRange = (ranges) => ranges.map(([a, b]) => (a === b ? `U+${hex(a)}` : `U+${hex(a)}-${hex(b)}`)).join(', ');

/** subsetFonts returns one face for each alphabet and weight: its name, its bytes and its @font-face rules. */
export async function subsetFonts(here) {
  const faces = [];
  for (const weight of weights) {
    const source = fs.readFileSync(path.join(here, 'node_modules/@fontsource/firago/files', `firago-latin-${weight}-normal.woff2`));
    for (const [alphabet, ranges] of Object.entries(alphabets)) {
      const bytes = await subsetFont(source, text(ranges), { targetFormat: 'woff2', keepFeatures: features, noHinting: true });
      faces.push({
        name: `firago-${alphabet}-${weight}`,
        bytes,
        css: (url) => ['FiraGO', 'FiraGO late'].map((family) =>
          `@font-face { font-family: "${family}"; font-style: normal; font-weight: ${weight}; font-display: ${family === 'FiraGO' ? 'optional' : 'swap'}; src: url("${url}") format("woff2"); unicode-range: ${cssRange(ranges)}; }`).join('\n'),
      });
    }
  }
  return faces;
}

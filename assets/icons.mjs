// One sprite of the icons named in icons.txt, drawn by Lucide.
import fs from 'node:fs';
import path from 'node:path';

/** iconSprite returns the text of an SVG file with one <symbol> for each icon. */
export function iconSprite(here) {
  const names = fs.readFileSync(path.join(here, 'icons.txt'), 'utf8').split(/\s+/).filter(Boolean).sort();
  const symbols = names.map((name) => {
    const svg = fs.readFileSync(path.join(here, 'node_modules/lucide-static/icons', `${name}.svg`), 'utf8');
    const body = svg.replace(/<!--[\s\S]*?-->/g, '').replace(/^[\s\S]*?<svg[\s\S]*?>/, '').replace(/<\/svg>\s*$/, '');
    return `<symbol id="${name}" viewBox="0 0 24 24">${body.replace(/\s*\n\s*/g, '').replace(/ \/>/g, '/>')}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${symbols.join('')}</svg>\n`;
}

// Style sheets by Sass, scripts as they were written: no name is hashed, and the pages hold the digests of what they name.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import * as sass from 'sass';

fs.mkdirSync('dist', { recursive: true });
for (const name of ['main.js', 'shared.js', 'later.js', 'tile.svg', 'photo.svg']) fs.copyFileSync(name, path.join('dist', name));
const { css, sourceMap } = sass.compile('style.scss', { sourceMap: true });
fs.writeFileSync('dist/style.css', `${css}\n/*# sourceMappingURL=style.css.map */\n`);
fs.writeFileSync('dist/style.css.map', JSON.stringify({ ...sourceMap, sources: ['style.scss', 'colours.scss'], sourcesContent: undefined }));
for (const name of ['style.scss', 'colours.scss']) fs.copyFileSync(name, path.join('dist', name));
fs.writeFileSync('dist/app.webmanifest', JSON.stringify({ name: 'Shop', icons: [{ src: 'tile.svg', sizes: 'any', type: 'image/svg+xml' }] }));
const integrity = (_, name) => `sha384-${createHash('sha384').update(fs.readFileSync(path.join('dist', name))).digest('base64')}`;
fs.writeFileSync('dist/index.html', fs.readFileSync('index.html', 'utf8').replace(/@integrity ([^@]+)@/g, integrity));

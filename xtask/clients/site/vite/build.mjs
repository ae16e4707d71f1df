// A Vite app: hashed names, code splitting, a manifest.
import { build } from 'vite';

await build({
  base: '/vite/',
  logLevel: 'warn',
  build: { manifest: true, assetsInlineLimit: 0, modulePreload: { polyfill: false }, sourcemap: true },
});

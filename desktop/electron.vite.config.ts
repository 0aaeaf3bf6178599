/**
 * The desktop's three bundles. Explicit targets make one output run on the declared Electron and on the fallback
 * runtime (Electron 33, Node 20.18); without them electron-vite would target the newest installed version only.
 */
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { thirdPartyNotices } from './build/notices-plugin.ts';

const main = resolve(import.meta.dirname, 'src/main');
const notices = thirdPartyNotices(import.meta.dirname);

export default defineConfig({
  main: {
    plugins: [notices(false)],
    build: {
      target: 'node20.18',
      sourcemap: true,
      // TypeScript source cannot be required at run time, so the shared workspace goes into the bundle; the pure
      // JavaScript packages go with it, because a few files are read faster than their hundreds at every start.
      externalizeDeps: {
        exclude: [
          '@curlew/shared',
          'zod',
          '@jellybrick/dbus-next',
          'socket.io-client',
          'https-proxy-agent',
          'socks-proxy-agent',
        ],
      },
      rolldownOptions: {
        // The workers are entries of their own: they are started by path, also from inside the packaged archive.
        input: {
          index: resolve(main, 'index.ts'),
          'core-worker': resolve(main, 'core-worker.ts'),
          'spelling-worker': resolve(main, 'spelling-worker.ts'),
        },
      },
    },
  },
  preload: {
    plugins: [notices(false)],
    build: {
      target: 'node20.18',
      // A sandboxed preload cannot be an ES module.
      rolldownOptions: { output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    build: { target: 'chrome130', minify: true },
    plugins: [react(), notices(true)],
  },
});

// Bundles the page's user interface: `npm run build:sandbox`. Everything it needs is in the bundle.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const entry = fileURLToPath(new URL('ui/main.tsx', import.meta.url))

if (existsSync(entry)) {
  await build({
    entryPoints: { app: entry },
    outdir: fileURLToPath(new URL('../../dist-sandbox/page/assets', import.meta.url)),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    sourcemap: 'linked',
    logLevel: 'warning',
  })
} else console.error('sandbox/page/ui/main.tsx is not there yet: the sandbox will have no page.')

import { cwd } from 'node:process'
import { buildSync } from 'esbuild'

/** Builds a small program of a test's own from the modules in `src`, beside the bot's and as it is built. Returns its path. */
export function buildProgram(name: string, code: string): string {
  const outfile = `dist/of-a-test-${name}.js`
  buildSync({
    stdin: { contents: code, resolveDir: cwd(), loader: 'ts' },
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
  })
  return outfile
}

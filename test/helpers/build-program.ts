import { cpSync, rmSync } from 'node:fs'
import { cwd } from 'node:process'
import { buildSync } from 'esbuild'

/** Below this project's own modules, so that its packages are found; nobody looks for what they ship or start there. */
const FOLDER = 'node_modules/.cache/of-tests'

/** Builds a small program of a test's own from the modules in `src`. Returns its path. */
export function buildProgram(name: string, code: string): string {
  const folder = `${FOLDER}/${name}`
  const outfile = `${folder}/program.js`
  rmSync(folder, { recursive: true, force: true })
  buildSync({
    stdin: { contents: code, resolveDir: cwd(), loader: 'ts' },
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
  })
  cpSync('src/services/store/migrations', `${folder}/migrations`, { recursive: true })
  return outfile
}

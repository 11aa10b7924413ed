/** `npm run bench -- NAME …`: each benchmark says what it measures, beside what, and prints tables. */
const BENCHES: Readonly<Record<string, () => Promise<{ run(args: readonly string[]): Promise<void> }>>> = {
  floors: () => import('./floors/main.ts'),
  load: () => import('./load/main.ts'),
  schedule: () => import('./schedule/main.ts'),
}

const [name = '', ...args] = process.argv.slice(2)
const load = BENCHES[name]
if (load === undefined) {
  console.error(`Say which: npm run bench -- ${Object.keys(BENCHES).join('|')}`)
  process.exit(64)
}
const { run } = await load()
await run(args)

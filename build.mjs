import { cpSync, rmSync } from 'node:fs'
import { build } from 'esbuild'

/**
 * What is started by name: the bot, the commands, and what reads `.env` before any of them. And what is loaded later, when a newer
 * build may have taken the place of this one: its name stays.
 */
const PROGRAMS = [
  'main',
  'return-url',
  'audit',
  'explain',
  'employees',
  'backup',
  'restore',
  'forget',
  'env-file',
  'services/metrics-text',
]

rmSync('dist', { recursive: true, force: true })
await build({
  entryPoints: PROGRAMS.map((name) => `src/${name}.ts`),
  outdir: 'dist',
  bundle: true,
  // What is loaded late stays apart, and what several programs use is there once. All in one folder: `./migrations/` is
  // beside whichever file asks for it.
  splitting: true,
  chunkNames: '[name]-[hash]',
  // better-sqlite3 is native. The others are known by name to what watches the bot from outside (docs/decisions/0019).
  external: ['better-sqlite3', 'undici', '@slack/socket-mode', '@slack/web-api', '@slack/logger'],
  platform: 'node',
  format: 'esm',
  target: 'node20.18',
  sourcemap: true,
  sourcesContent: false,
  // Bolt and its libraries are CommonJS and ask for Node's own modules by `require`.
  banner: { js: "import { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)" },
  logLevel: 'warning',
})
cpSync('src/services/store/migrations', 'dist/migrations', { recursive: true })

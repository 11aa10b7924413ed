import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Browser, Page } from 'playwright-core'
import { findChromium, launchChromium } from '../../sandbox/page/chromium.ts'

const executablePath = findChromium()

export const hasChromium = executablePath !== undefined
/** For the name of a suite, so that a skipped one says why. */
export const unlessMissing = hasChromium ? '' : ' (skipped: no Chromium on this machine)'

export const openBrowser = (): Promise<Browser> => launchChromium(executablePath ?? '')

export type Bundle = { readonly js: string; readonly css: string }

/** The page's own code from the given entry, as a browser gets it. */
export async function bundle(entry: 'main.tsx' | 'gallery.tsx'): Promise<Bundle> {
  const { outputFiles } = await build({
    entryPoints: { app: fileURLToPath(new URL(`../../sandbox/page/ui/${entry}`, import.meta.url)) },
    outdir: '/nowhere',
    write: false,
    bundle: true,
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  })
  const text = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? ''
  return { js: text('.js'), css: text('.css') }
}

const ORIGIN = 'http://sandbox.localhost'

/** Opens the bundle without any server: every request is answered here, and one that leads elsewhere fails. */
export async function openPage(
  browser: Browser,
  { js, css }: Bundle,
  answers: Readonly<Record<string, () => string>> = {},
  hash = '',
): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, timezoneId: 'Europe/Oslo' })
  const html = `<!doctype html><html lang="en"><head><title>Sandbox</title><link rel="stylesheet" href="/app.css"></head>
    <body><div id="app"></div><script type="module" src="/app.js"></script></body></html>`
  const files: Record<string, [type: string, body: string]> = {
    '/': ['text/html', html],
    '/app.js': ['text/javascript', js],
    '/app.css': ['text/css', css],
    '/api/events': ['text/event-stream', 'retry: 60000\n\n'],
  }
  await page.route('**/*', async (route) => {
    const { origin, pathname } = new URL(route.request().url())
    const [type, body] = files[pathname] ?? ['application/json', answers[pathname]?.()]
    if (origin !== ORIGIN || body === undefined) return route.abort()
    return route.fulfill({ contentType: `${type}; charset=utf-8`, body })
  })
  await page.goto(`${ORIGIN}/${hash}`)
  return page
}

import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'

/** Where `build-ui.mjs` puts the bundle. */
const FOLDER = new URL('../../../dist-sandbox/page/assets/', import.meta.url)

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

export const INDEX = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>Verify for Slack: the sandbox</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/assets/app.css">
</head>
<body>
  <div id="app"></div>
  <noscript>The sandbox's page needs JavaScript. All of it comes from this machine.</noscript>
  <script type="module" src="/assets/app.js"></script>
</body>
</html>
`

export type Asset = { readonly type: string; readonly bytes: Buffer }

/** A file of the bundle by its bare name; null when there is none. */
export async function readAsset(name: string): Promise<Asset | null> {
  const type = TYPES[extname(name)]
  if (type === undefined || !/^[\w-]+(\.[\w-]+)+$/.test(name)) return null
  try {
    return { type, bytes: await readFile(new URL(name, FOLDER)) }
  } catch {
    return null
  }
}

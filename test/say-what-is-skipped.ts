import { findChromium } from '../sandbox/page/chromium.ts'

/** Said once for all files. */
export function setup(): void {
  if (findChromium() !== undefined) return
  console.log('No Chromium on this machine (install it, or set CHROMIUM_PATH): tests in the browser are skipped.')
}

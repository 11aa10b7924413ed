import { findChromium } from '../sandbox/page/chromium.ts'
import { canMount, canSeeDisk } from './journeys/helpers/disk.ts'

/** Said once for all files. */
export function setup(): void {
  if (findChromium() === undefined) {
    console.log('No Chromium on this machine (install it, or set CHROMIUM_PATH): tests in the browser are skipped.')
  }
  if (!canSeeDisk) console.log('No Linux, or no C compiler: tests of disks in trouble are skipped.')
  else if (!canMount)
    console.log('No mounts for us here (unshare): disks in trouble are played, none is really filled.')
}

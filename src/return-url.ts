import { loadPartnerConfig } from './config.ts'
import { exactUrl } from './config-values.ts'
import { EXIT } from './exit-codes.ts'
import { ConfigError } from './read-settings.ts'
import { makeEasyFreelance, type Refused, type RefusedBecause, type UnknownBecause } from './services/easyfreelance.ts'

// The operator's command `npm run return-url -- register URL`. Exit codes: 0 recorded, 1 not or perhaps not, 64 wrong
// usage, 78 wrong settings (sysexits.h).

const USAGE = `Usage: npm run return-url -- register URL

Asks EasyFreelance to approve the address that employees come back to after a verification,
such as https://verify.example.com/return. Use the same address as PARTNER_RETURN_URL.`

const NOTHING = 'Nothing was recorded.'
const PERHAPS = 'The URL may have been recorded or not: ask EasyFreelance, or run this again.'

const SENTENCES: Readonly<Record<RefusedBecause | UnknownBecause, string>> = {
  unreachable: `EasyFreelance can't be reached. ${NOTHING} Check EASYFREELANCE_API_URL and the network, then run this again.`,
  unauthorised: `EasyFreelance doesn't accept the credentials. ${NOTHING} Check EASYFREELANCE_TOKEN and EASYFREELANCE_API_KEY.`,
  not_allowed: `EasyFreelance doesn't allow these credentials to register a return URL. ${NOTHING} Ask EasyFreelance to allow it.`,
  not_found: `EasyFreelance has no such call at this address. ${NOTHING} Check that EASYFREELANCE_API_URL is complete; it usually ends in /api/v1.`,
  return_url_not_approved: `EasyFreelance doesn't take this URL. ${NOTHING} Check its spelling, and ask EasyFreelance whether it is registered already.`,
  invalid: `EasyFreelance doesn't take this URL. ${NOTHING} Check its spelling, and ask EasyFreelance whether it is registered already.`,
  bad_request: `EasyFreelance doesn't understand the request. ${NOTHING} Look for a newer version of this bot.`,
  rate_limited: `EasyFreelance asks for fewer requests. ${NOTHING} Run this again later.`,
  timeout: `EasyFreelance didn't answer in time. ${PERHAPS}`,
  connection_lost: `The connection to EasyFreelance broke before it answered. ${PERHAPS}`,
  server_error: `EasyFreelance has trouble of its own. ${PERHAPS}`,
  unreadable: `EasyFreelance gave an answer that makes no sense here. ${PERHAPS} Check EASYFREELANCE_API_URL too.`,
}

process.exitCode = await run(process.argv.slice(2))

async function run([verb, url, ...more]: string[]): Promise<number> {
  if (verb !== 'register' || url === undefined || more.length > 0) {
    console.error(USAGE)
    return EXIT.usage
  }
  const check = exactUrl('Write it in full, such as https://verify.example.com/return.', 2048).safeParse(url)
  if (!check.success) {
    console.error(`The URL ${check.error.issues.map(({ message }) => message).join(' ')}`)
    return EXIT.usage
  }
  return register(url)
}

async function register(url: string): Promise<number> {
  const settings = readSettings()
  if (settings === null) return EXIT.config
  const easyfreelance = makeEasyFreelance({
    apiUrl: settings.easyfreelanceApiUrl,
    token: settings.easyfreelanceToken,
    apiKey: settings.easyfreelanceApiKey,
    linkOrigin: new URL(settings.easyfreelanceApiUrl).origin,
    returnUrl: url,
    now: Date.now,
  })
  const answer = await easyfreelance.registerReturnUrl(url)
  if (answer.is !== 'done') {
    console.error(`${SENTENCES[answer.because]}${answer.is === 'refused' ? wait(answer) : ''}`)
    return 1
  }
  const { status, requestedUrl } = answer.registration
  console.log(`EasyFreelance has recorded ${requestedUrl} (${status}).\n\n${nextSteps(status, requestedUrl)}`)
  return 0
}

function nextSteps(status: string, requestedUrl: string): string {
  if (status === 'approved') return `It is approved. Set PARTNER_RETURN_URL to exactly ${requestedUrl}`
  return `Recorded is not approved: a person at EasyFreelance approves it, and nothing tells the bot when.
1. Set PARTNER_RETURN_URL to exactly ${requestedUrl}
2. Ask EasyFreelance whether it is approved. Until then no verification can be started.`
}

function readSettings() {
  try {
    return loadPartnerConfig(process.env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(error.message)
    return null
  }
}

function wait({ retryAfterMs }: Refused): string {
  return retryAfterMs === null ? '' : ` It asks to wait for ${Math.ceil(retryAfterMs / 1000)} s.`
}

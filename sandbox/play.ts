import { button, fill, isConfirmed, press } from './as-seen.ts'
import { visit } from './browser.ts'
import { readerFor } from './plain-words.ts'
import type { PersonDriver } from './slack/person.ts'
import type { Sandbox } from './start-sandbox.ts'

/** Plays whole verifications without a person: everybody does what they would do, and each step is told. */

type Act = {
  readonly title: string
  readonly managerId: string
  readonly employeeId: string
  readonly employeeNumber: number
  readonly provider: 'BankID' | 'Veriff'
  readonly documents?: 'Norwegian documents' | 'Foreign documents'
  readonly note?: string
  /** Kills the bot after the form was sent, and starts it again. */
  readonly killed?: boolean
  /** How long the link works. */
  readonly lifetimeMs?: number
  readonly employeeDoes: 'approved' | 'declined' | 'cancelled' | 'error' | 'nothing'
  /** What the manager's card must say in the end. */
  readonly ends: RegExp
}

const DAY_MS = 24 * 60 * 60_000
const MOST_PATIENCE_MS = 30_000

const ACTS: readonly Act[] = [
  {
    title: 'Approved with Veriff',
    managerId: 'U0MARIA',
    employeeId: 'U0OLA',
    employeeNumber: 4711,
    provider: 'Veriff',
    documents: 'Norwegian documents',
    note: 'Before your first payment, please.',
    employeeDoes: 'approved',
    ends: /^Approved\..*still needs/,
  },
  {
    title: 'Declined with BankID, and the bot is killed in the middle',
    managerId: 'U0MARIA',
    employeeId: 'U0KARI',
    employeeNumber: 4712,
    provider: 'BankID',
    killed: true,
    employeeDoes: 'declined',
    ends: /^Declined\./,
  },
  {
    title: 'Cancelled by the employee',
    managerId: 'U0PETTER',
    employeeId: 'U0INGRID',
    employeeNumber: 4713,
    provider: 'BankID',
    employeeDoes: 'cancelled',
    ends: /^Cancelled\./,
  },
  {
    title: 'An error at EasyFreelance',
    managerId: 'U0PETTER',
    employeeId: 'U0LARS',
    employeeNumber: 4714,
    provider: 'Veriff',
    documents: 'Foreign documents',
    employeeDoes: 'error',
    ends: /^Error at EasyFreelance\./,
  },
  {
    title: 'Never opened: the link expires',
    managerId: 'U0PETTER',
    employeeId: 'W0SOFIE',
    employeeNumber: 4715,
    provider: 'BankID',
    lifetimeMs: 3000,
    employeeDoes: 'nothing',
    ends: /^Expired\./,
  },
]

/** Gives what went wrong, in words; nothing when every card and every invitation ended right. */
export async function play(sandbox: Sandbox, tell: (line: string) => void): Promise<string[]> {
  for (const act of ACTS) {
    tell('')
    tell(`— ${act.title} —`)
    await perform(act, sandbox, tell)
  }
  return wrongs(sandbox)
}

async function perform(act: Act, sandbox: Sandbox, tell: (line: string) => void): Promise<void> {
  const { slack, easyfreelance, bot } = sandbox
  const manager = slack.person(act.managerId)
  const employee = slack.person(act.employeeId)
  const name = (person: PersonDriver) => slack.people().find(({ id }) => id === person.id)?.realName ?? person.id
  const { plain, firstWords } = readerFor(sandbox.slack)
  const seenBefore = new Set([...manager.inbox(), ...employee.inbox()].map(({ ts }) => ts))
  const fresh = (person: PersonDriver) => person.inbox().filter(({ ts }) => !seenBefore.has(ts))
  const wait = <T>(what: string, look: () => T | undefined | null | false) =>
    slack.until(look, { what: `${act.title}: ${what}`, withinMs: MOST_PATIENCE_MS })
  const cardSays = (words: RegExp) =>
    wait(`a card that says ${words}`, () => fresh(manager).find(({ text }) => words.test(text)))

  easyfreelance.setSessionLifetime(act.lifetimeMs ?? DAY_MS)
  await askFor(act, manager, employee, sandbox)
  tell(`${name(manager)} types /verify @${name(employee)}, chooses ${act.provider} and sends the form.`)
  tell(
    `  The form says: ${wordsOf(manager.view()?.blocks ?? [])
      .map(plain)
      .join(' ')}`,
  )
  await manager.close()

  if (act.killed === true) {
    await bot.kill()
    tell('  kill -9: the bot is gone in the middle of it.')
    await bot.start()
    tell('  It is started again, and goes on where it was.')
  }

  const invitation = await wait('an invitation', () => fresh(employee).find((message) => button(message, /^Continue/)))
  tell(`${name(employee)} gets a direct message: ${firstWords(invitation)}`)
  tell(`  ${name(manager)}'s card says: ${firstWords(await cardSays(/^(Waiting for|Link opened)/))}`)

  if (act.employeeDoes === 'nothing') {
    tell(`${name(employee)} does nothing, and the deadline passes.`)
  } else {
    const { url } = await press(employee, invitation, /^Continue/)
    await cardSays(/^Link opened/)
    tell(`${name(employee)} presses the button; the card says that the link was opened.`)
    await visit(url ?? '', act.employeeDoes)
    tell(`${name(employee)} plays "${act.employeeDoes}" at EasyFreelance, and comes back to the return page.`)
  }

  const card = await cardSays(act.ends)
  tell(`  ${name(manager)}'s card says: ${firstWords(card)}`)
  const notice = await wait('a new message that it is over', () =>
    fresh(manager).find(({ text }) => text.startsWith('Verification of')),
  )
  tell(`  and a new message tells them: ${firstWords(notice)}`)
  const dead = await wait('an invitation without a link', () =>
    fresh(employee).find((message) => message.ts === invitation.ts && button(message, /^Continue/) === undefined),
  )
  tell(`  ${name(employee)}'s message now says: ${firstWords(dead)}`)
}

async function askFor(act: Act, manager: PersonDriver, employee: PersonDriver, { slack }: Sandbox): Promise<void> {
  const known = slack.people().find(({ id }) => id === employee.id)
  const typed = await manager.command('/verify', `@${known?.name ?? ''}`, { channelId: 'C0GENERAL' })
  if (!typed.acked) throw new Error(`${act.title}: the command failed: ${typed.error ?? ''}`)
  await slack.until(() => manager.view(), { what: `${act.title}: the form opens` })
  await fill(manager, /^How should they/, act.provider)
  if (act.documents !== undefined) {
    await slack.until(() => JSON.stringify(manager.view()?.blocks).includes('Which documents'), { what: 'the ID type' })
    await fill(manager, /^Which documents/, act.documents)
  }
  await fill(manager, /^EasyFreelance employee id/, String(act.employeeNumber))
  if (act.note !== undefined) await fill(manager, /^Note/, act.note)
  const isSaid = () => isConfirmed(manager, act.employeeNumber)
  await slack.until(isSaid, { what: `${act.title}: the form says who that is`, withinMs: MOST_PATIENCE_MS })
  const sent = await manager.submit()
  if (!('updated' in sent)) throw new Error(`${act.title}: the form was not taken: ${JSON.stringify(sent)}`)
}

/** Everything that must hold when the story is over. */
function wrongs(sandbox: Sandbox): string[] {
  const { slack, easyfreelance, bot } = sandbox
  const { firstWords } = readerFor(sandbox.slack)
  const found: string[] = []
  const standing = slack.messages().filter((message) => !message.deleted && message.ephemeralTo === undefined)
  for (const message of standing) {
    if (button(message, /^Continue/) !== undefined) found.push(`a live link is left: ${firstWords(message)}`)
    if (/^(Starting|Waiting|Link opened)/.test(message.text)) found.push(`a card did not end: ${firstWords(message)}`)
  }
  const ids = standing.map(({ metadata }) => String(metadata?.event_payload.id)).filter((id) => id !== 'undefined')
  if (new Set(ids).size !== ids.length) found.push('a message was sent twice')
  const links = easyfreelance.sessions().map(({ link }) => link)
  if (bot.log.some((line) => links.some((link) => line.includes(link)))) found.push('a link is in the log')
  for (const { kind, detail } of slack.violations) found.push(`Slack would object (${kind}): ${detail}`)
  for (const violation of easyfreelance.violations) found.push(`EasyFreelance would object: ${violation}`)
  return found
}

function wordsOf(blocks: readonly object[]): string[] {
  return (blocks as { text?: { text?: string } }[]).flatMap(({ text }) => (text?.text === undefined ? [] : [text.text]))
}

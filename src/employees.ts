import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Agent } from 'undici'
import { loadWorkspaceConfig, type WorkspaceConfig } from './config.ts'
import { EXIT, endedBy, exitCodeOf } from './exit-codes.ts'
import {
  type Change,
  type LineProblem,
  planImport,
  readEmployeesFile,
  writeEmployeesFile,
} from './services/employees-csv.ts'
import { makeLog } from './services/log.ts'
import { askSlack, meaningOf } from './services/slack-answers.ts'
import { makeSlackClient } from './services/slack-client.ts'
import { slackLogger } from './services/slack-logger.ts'
import { type EmployeeStore, makeEmployeeStore } from './services/store/employee-store.ts'
import { mustBeThere } from './services/store/open-read-only.ts'
import { takeDatabase } from './services/store/take-database.ts'

// The operator's command `npm run employees`. It takes the database's lock, so the bot has to be stopped: one process at a
// time is what the audit's chain and an upgrade of the schema rely on. Exit codes: see EXIT.

const USAGE = `Usage: npm run employees -- import FILE [--dry-run]
       npm run employees -- export FILE

Which Slack user is which EasyFreelance employee, as CSV: slack_user_id,easyfreelance_id
import  adds and changes what FILE says, all of it or nothing; who is not in FILE stays as is. --dry-run only shows it.
export  writes everything that is known to FILE, which must not be there yet.
Stop the bot first.`

/** Something the operator can mend, in a sentence. */
class Ended extends Error {
  override readonly name = 'Ended'
  readonly exitCode: number

  constructor(exitCode: number, message: string, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}

process.exitCode = await run(process.argv.slice(2))

async function run(args: string[]): Promise<number> {
  try {
    const task = readArguments(args)
    // Before anything else is touched: what is wrong with the file is known without Slack and without the database.
    const lines = task.do === 'import' ? readLines(task.file) : []
    const settings = loadWorkspaceConfig(process.env)
    if (task.do === 'export') mustBeThere(settings.databasePath)
    await withEmployees(settings, (store, teamId) =>
      task.do === 'export' ? exportAll(store, teamId, task.file) : importAll(store, teamId, lines, task.isDryRun),
    )
    return 0
  } catch (error) {
    return endedBy(error, console.error, error instanceof Ended ? error.exitCode : exitCodeOf(error))
  }
}

/** What is there already is looked at before Slack is asked: who has to stop the bot first learns it first. A new one is made last. */
async function withEmployees(
  settings: WorkspaceConfig,
  work: (store: EmployeeStore, teamId: string) => Promise<void>,
): Promise<void> {
  const take = () =>
    takeDatabase(settings.databasePath, {
      onUpgrade: (file) => console.error(`The database was upgraded. It was backed up before: ${file}`),
    })
  let database = existsSync(settings.databasePath) ? take() : null
  try {
    const teamId = await askTeam(settings)
    database ??= take()
    await work(makeEmployeeStore(database.db), teamId)
  } finally {
    database?.close()
  }
}

type Task = { do: 'import'; file: string; isDryRun: boolean } | { do: 'export'; file: string }

function readArguments(args: string[]): Task {
  try {
    const options = { 'dry-run': { type: 'boolean' } } as const
    const { positionals, values } = parseArgs({ args, allowPositionals: true, options })
    const [verb, file, ...more] = positionals
    const isDryRun = values['dry-run'] === true
    if (file !== undefined && more.length === 0) {
      if (verb === 'import') return { do: 'import', file, isDryRun }
      if (verb === 'export' && !isDryRun) return { do: 'export', file }
    }
  } catch (error) {
    throw new Ended(EXIT.usage, USAGE, { cause: error })
  }
  throw new Ended(EXIT.usage, USAGE)
}

function readLines(file: string) {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch (error) {
    throw new Ended(EXIT.noInput, "The file can't be read, or is not UTF-8 text. Nothing was changed.", {
      cause: error,
    })
  }
  const read = readEmployeesFile(text)
  if (!read.ok) throw refused(read.problems)
  return read.lines
}

function refused(problems: readonly LineProblem[]): Ended {
  const lines = problems.map(({ line, problem }) => `line ${line}: ${problem}`)
  return new Ended(EXIT.badData, [...lines, 'Nothing was changed.'].join('\n'))
}

/** Links belong to a workspace; which one it is, Slack says, as it does to the bot. */
async function askTeam({ slackBotToken, slackApiUrl }: WorkspaceConfig): Promise<string> {
  const logger = slackLogger(makeLog({ level: 'fatal' }))
  const dispatcher = new Agent()
  const client = makeSlackClient({ token: slackBotToken, apiUrl: slackApiUrl, timeoutMs: 10_000, dispatcher, logger })
  const answer = await askSlack(() => client.auth.test())
  await dispatcher.destroy()
  if (answer.is === 'done' && answer.value.team_id !== undefined) return answer.value.team_id
  if (answer.is === 'refused' && meaningOf(answer.error) === 'ours') {
    throw new Ended(EXIT.config, `Slack refuses SLACK_BOT_TOKEN (${answer.error}). Nobody was changed.`)
  }
  throw new Ended(EXIT.unavailable, "Slack didn't say which workspace this is. Nobody was changed. Try again later.")
}

async function importAll(
  store: EmployeeStore,
  teamId: string,
  lines: Parameters<typeof planImport>[0],
  isDryRun: boolean,
): Promise<void> {
  let plan: ReturnType<typeof planImport> | null = null
  await store.importLinks(
    teamId,
    (numbers) => {
      plan = planImport(lines, numbers)
      return plan.ok && !isDryRun ? plan.changes.filter(({ is }) => is !== 'unchanged') : null
    },
    Date.now(),
  )
  show(plan ?? { ok: true, changes: [] }, isDryRun)
}

function show(plan: ReturnType<typeof planImport>, isDryRun: boolean): void {
  if (!plan.ok) throw refused(plan.problems)
  const changes = plan.changes.filter(({ is }) => is !== 'unchanged')
  for (const change of changes) console.log(sentenceOf(change))
  const count = `${changes.length} of ${plan.changes.length}`
  console.log(isDryRun ? `${count} would change. Nothing was changed.` : `${count} changed.`)
}

function sentenceOf({ line, userId, employeeNumber, is, before }: Change): string {
  const was = is === 'change' ? `, was ${before?.employeeNumber}` : ''
  return `line ${line}: ${userId} ${employeeNumber} (${is === 'confirm' ? 'remembered, now a link' : `${is}${was}`})`
}

async function exportAll(store: EmployeeStore, teamId: string, file: string): Promise<void> {
  const employees = await store.all(teamId)
  try {
    writeFileSync(file, writeEmployeesFile(employees), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    throw new Ended(EXIT.cannotCreate, "The file is there already, or can't be made. Nothing was written.", {
      cause: error,
    })
  }
  console.log(`${employees.length} written.`)
}

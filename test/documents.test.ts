import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { SETTING_NAMES } from '../src/config.ts'
import { EXIT } from '../src/exit-codes.ts'

const security = readFileSync('SECURITY.md', 'utf8')
const privacy = readFileSync('docs/privacy.md', 'utf8')

test('every defence names a test that is there', () => {
  const [, table = ''] = security.split('| attack | defence | test |')
  const lines = table.split('\n').filter((line) => line.startsWith('| '))
  expect(lines.length).toBeGreaterThan(15)
  for (const line of lines) {
    const files = [...line.matchAll(/`(test\/[^`]+)`/g)].map(([, file = '']) => file)
    expect(files.length, line).toBeGreaterThan(0)
    for (const file of files) expect(existsSync(file), file).toBe(true)
  }
})

test('what the two documents tell to type and to set is there', () => {
  const scripts = Object.keys((JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object }).scripts)
  for (const text of [security, privacy]) {
    for (const [, script = ''] of text.matchAll(/npm run ([a-z-]+)/g)) expect(scripts).toContain(script)
    for (const [, name = ''] of text.matchAll(/`([A-Z]+(?:_[A-Z]+)+)(?:=\w+)?`/g)) expect(SETTING_NAMES).toContain(name)
  }
})

test('the unit starts the bot, and leaves it alone only after what a person has to mend', () => {
  const [, unit = ''] = /```ini\n(.*?)```/s.exec(readFileSync('docs/operations.md', 'utf8')) ?? []
  const value = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1]
  expect(value('ExecStart')).toBe('/usr/bin/node dist/main.js')
  expect(value('RestartPreventExitStatus')).toBe([EXIT.usage, EXIT.badData, EXIT.config].join(' '))
  const codes = [...readFileSync('README.md', 'utf8').matchAll(/^\| (\d+) \| /gm)].map(([, code]) => Number(code))
  const { usage, badData, unavailable, software, tryLater, config } = EXIT
  expect(codes).toEqual([0, usage, badData, unavailable, software, tryLater, config])
})

test('every message that the README explains is one that somebody can meet', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const src = files.map((file) => readFileSync(join('src', file), 'utf8')).join('\n')
  const [, table = ''] = readFileSync('README.md', 'utf8').split('## Troubleshooting')
  const messages = [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/\*([^*]+)\*/g)].map(([, message = '']) => message),
  )
  expect(messages.length).toBeGreaterThan(15)
  const ours = messages.filter((message) => message !== 'the app did not respond')
  // What stands between is filled in.
  const parts = ours.flatMap((message) => message.split(/\d+|…|(?<=:) /).filter((part) => part.trim() !== ''))
  expect(parts.filter((part) => !src.includes(part))).toEqual([])
})

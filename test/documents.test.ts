import { existsSync, readFileSync } from 'node:fs'
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

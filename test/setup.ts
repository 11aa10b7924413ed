import { afterEach, vi } from 'vitest'
import { keepStatements } from './helpers/keep-statements.ts'

keepStatements()

// A test that prints something unexpected is telling us about an error nobody handled.
const noisy: string[] = []
for (const level of ['error', 'warn'] as const) {
  vi.spyOn(console, level).mockImplementation((...words: unknown[]) => {
    noisy.push(`console.${level}: ${words.map(String).join(' ')}`)
  })
}

afterEach(() => {
  const said = noisy.splice(0)
  if (said.length > 0) throw new Error(`unexpected output\n${said.join('\n')}`)
})

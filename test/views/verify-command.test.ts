import { expect, it } from 'vitest'
import { readVerifyCommand } from '../../src/views/verify-command.ts'

const nobody = { do: 'open', employeeId: null, typedName: null }
const ola = { do: 'open', employeeId: 'W0OLA', typedName: null }

it.each([
  ['', nobody],
  ['   ', nobody],
  ['<@W0OLA>', ola],
  ['  <@W0OLA|ola.nordmann>  ', ola],
  ['@Ola  Nordmann', { do: 'open', employeeId: null, typedName: '@Ola Nordmann' }],
  ['help', { do: 'help' }],
  [' HELP ', { do: 'help' }],
  ['List', { do: 'list' }],
  ['status <@W0OLA>', { do: 'status', employeeId: 'W0OLA' }],
  ['Status   <@W0OLA|ola>', { do: 'status', employeeId: 'W0OLA' }],
  ['status', { do: 'status', employeeId: null }],
  ['status @ola', { do: 'status', employeeId: null }],
  ['ola', { do: 'usage', typed: 'ola' }],
  ['list everything', { do: 'usage', typed: 'list everything' }],
  ['<@W0OLA> <@U0KARI>', { do: 'usage', typed: '<@W0OLA> <@U0KARI>' }],
  ['<#C0SECRET|secret>', { do: 'usage', typed: '<#C0SECRET|secret>' }],
])('"/verify %s" is understood', (typed, understood) => {
  expect(readVerifyCommand(typed)).toEqual(understood)
})

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
  ['link <@W0OLA> 4711', { do: 'link', employeeId: 'W0OLA', employeeNumber: 4711 }],
  ['LINK  <@W0OLA|ola nordmann>  4 711', { do: 'link', employeeId: 'W0OLA', employeeNumber: 4711 }],
  ['link <@W0OLA>4711', { do: 'link', employeeId: 'W0OLA', employeeNumber: 4711 }],
  ['link <@W0OLA>', { do: 'link', employeeId: 'W0OLA', employeeNumber: null }],
  ['link <@W0OLA> 0', { do: 'link', employeeId: 'W0OLA', employeeNumber: null }],
  ['link <@W0OLA> 2147483648', { do: 'link', employeeId: 'W0OLA', employeeNumber: null }],
  ['link <@W0OLA> 4711 4712', { do: 'link', employeeId: 'W0OLA', employeeNumber: 47_114_712 }],
  ['link <@W0OLA> -1', { do: 'link', employeeId: 'W0OLA', employeeNumber: null }],
  ['link <@W0OLA> <@U0KARI> 4711', { do: 'link', employeeId: 'W0OLA', employeeNumber: null }],
  ['link @ola 4711', { do: 'link', employeeId: null, employeeNumber: null }],
  ['link 4711 <@W0OLA>', { do: 'link', employeeId: null, employeeNumber: null }],
  ['link', { do: 'link', employeeId: null, employeeNumber: null }],
  ['unlink <@W0OLA|ola>', { do: 'unlink', employeeId: 'W0OLA' }],
  ['unlink <@W0OLA> 4711', { do: 'unlink', employeeId: null }],
  ['unlink ola', { do: 'unlink', employeeId: null }],
  ['ola', { do: 'usage', typed: 'ola' }],
  ['list everything', { do: 'usage', typed: 'list everything' }],
  ['<@W0OLA> <@U0KARI>', { do: 'usage', typed: '<@W0OLA> <@U0KARI>' }],
  ['<#C0SECRET|secret>', { do: 'usage', typed: '<#C0SECRET|secret>' }],
])('"/verify %s" is understood', (typed, understood) => {
  expect(readVerifyCommand(typed)).toEqual(understood)
})

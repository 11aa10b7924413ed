/** EasyFreelance's number for an employee: apidoc.easyfreelance.no has it as an integer in paths. */
export const LARGEST_NUMBER = 2_147_483_647

/** A number as people type it, spaces and all; null when it can't be one. */
export function readEmployeeNumber(typed: string): number | null {
  const digits = typed.replace(/\s/gu, '')
  const number = /^\d{1,10}$/.test(digits) ? Number(digits) : 0
  return number >= 1 && number <= LARGEST_NUMBER ? number : null
}

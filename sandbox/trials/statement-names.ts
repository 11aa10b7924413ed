/** What a write to the database is for, told from its SQL. The first that fits names it; any other is named by its table. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^insert into verifications /, 'request'],
  // The retention's own claim takes no lease, and hardly ever finds anything.
  [/^update verifications set .*claimed = 1, attempts = attempts \+ 1/, 'claim of verifications'],
  [/^update messages set .*claimed = 1, attempts = attempts \+ 1/, 'claim of messages'],
  [/^update (verifications|messages) set .*where claimed = 1$/, 'release of claims'],
  [/^update verifications set .*link = :link.*case when claimed = 1/, 'note of what a person did'],
  [/^update verifications set .*link = :link.*attempts = 0/, 'end of a verification step'],
  [/^update verifications set .*link = :link/, 'intent to start'],
  [/^update verifications set next_at = :next_at.*attempts = 0/, 'end of a poll without news'],
  [/^update messages set .*sends = :sends.*attempts = 0/, 'end of a message step'],
  [/^update messages set .*sends = :sends/, 'intent to send'],
  [/^update messages set .*attempts = 0/, 'end of a message step without news'],
]

export function statementName(sql: string): string {
  const flat = sql.replace(/\s+/g, ' ').trim().toLowerCase()
  const known = NAMES.find(([shape]) => shape.test(flat))?.[1]
  return (
    known ??
    `${/^(insert|update|delete)\b.*?\b(\w+)(?= set| \(|$| where)/.exec(flat)?.slice(1, 3).join(' ') ?? 'write'}`
  )
}

export function isWrite(sql: string): boolean {
  return /^\s*(insert|update|delete|replace)\b/i.test(sql)
}

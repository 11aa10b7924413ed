/** What each peer does: every row is due a number of times over, and says itself when it is due again. */
const { rows, times, atOnce, port, at } = JSON.parse(process.argv[2])

export { at, atOnce, port, rows }

const left = new Map()
let undone = rows
let finish
export const finished = new Promise((resolve) => {
  finish = resolve
})

/** One check of a row. True: it is due again. */
export function check(row) {
  const rest = (left.get(row) ?? times) - 1
  left.set(row, rest)
  if (rest > 0) return true
  undone -= 1
  if (undone === 0) finish()
  return false
}

export function tell(startedAt) {
  const perSecond = ((rows * times) / (performance.now() - startedAt)) * 1000
  console.log(JSON.stringify({ perSecond }))
  process.exit(0)
}

export const all = Array.from({ length: rows }, (_, row) => row)

import type { Misbehaviour } from '../easyfreelance/faults.ts'
import { NOBODYS_NUMBER, OTHERS_EMPLOYEE } from './crowd.ts'
import type { Play } from './monday-earlier.ts'
import { passTimeUntil } from './pass-time.ts'
import type { Wish } from './steps.ts'

const MINUTE_MS = 60_000

/** What was asked for this morning. */
export async function today(play: Play): Promise<void> {
  const { sandbox, steps, wishFor } = play
  const several = (count: number): Wish[] => Array.from({ length: count }, () => wishFor())
  const ends = {
    approved: several(4),
    declined: several(3),
    cancelled: several(2),
    error: several(2),
  } as const
  const opened = several(3)
  const returned = several(2)
  const unexpected = several(2)
  const strange = wishFor()
  const quiet = several(2)
  const refused = refusedOnes(play)

  await sandbox.forward(-sandbox.clock.aheadMs() - 150 * MINUTE_MS)
  await steps.requestAll([
    ...Object.values(ends).flat(),
    ...opened,
    ...returned,
    ...unexpected,
    strange,
    ...quiet,
    ...refused.wishes,
  ])
  const invited = [...Object.values(ends).flat(), ...opened, ...returned, ...unexpected, strange, ...quiet]
  await passTimeUntil(sandbox, Promise.all(invited.map(({ userId }) => steps.invitationOf(userId))))
  await refused.firstWords()
  await sandbox.forward(20 * MINUTE_MS)

  const acts = Promise.all([
    ...Object.entries(ends).flatMap(([outcome, wishes]) =>
      wishes.map(({ userId }) => steps.finish(userId, outcome as keyof typeof ends)),
    ),
    ...unexpected.map(async ({ userId }) => {
      const card = { of: userId, says: /did not expect/ }
      await steps.pressUntil(userId, await steps.invitationOf(userId), /did not expect/, card)
    }),
    (async () => {
      sandbox.easyfreelance.decide((await steps.sessionOf(strange.userId)).id, 'under_review')
      await steps.comeBack(strange.userId)
    })(),
    refused.lastWords(),
  ])
  await passTimeUntil(sandbox, acts)
  const says = (wishes: readonly Wish[], words: RegExp) => wishes.map(({ userId }) => steps.cardSays(userId, words))
  const results = Promise.all([
    ...says(ends.approved, /^Approved/),
    ...says(ends.declined, /^Declined/),
    ...says(ends.cancelled, /^Cancelled/),
    ...says(ends.error, /^Error at EasyFreelance/),
    ...says([strange], /^Unknown status/),
  ])
  await passTimeUntil(sandbox, results)

  await sandbox.forward(115 * MINUTE_MS)
  await Promise.all([...opened, ...returned].map(({ userId }) => steps.open(userId)))
  await Promise.all(returned.map(({ userId }) => steps.comeBack(userId)))
  await passTimeUntil(
    sandbox,
    Promise.all([...says(opened, /^Link opened/), ...says(returned, /^Waiting for EasyFreelance/)]),
  )

  await sandbox.forward(-sandbox.clock.aheadMs())
  await justNow(play)
}

/** The last minutes: links that nobody had time to open yet, a card that could not stand where it should, one held back. */
async function justNow({ sandbox, steps, wishFor }: Play): Promise<void> {
  const fresh = [wishFor(), wishFor({ channelId: 'C0OSLO', cardIn: 'To this channel', managerId: 'U0MARIA' })]
  await steps.requestAll(fresh)
  await Promise.all(fresh.map(({ userId }) => steps.invitationOf(userId)))
  await Promise.all(fresh.map(({ userId }) => steps.cardSays(userId, /^Waiting/)))
  const held = wishFor()
  sandbox.easyfreelance.fault({
    route: 'start',
    when: ({ employeeId }) => employeeId === held.number,
    times: Number.POSITIVE_INFINITY,
    do: { status: 429, retryAfter: '5' },
  })
  await steps.requestAll([held])
  await steps.cardSays(held.userId, /^EasyFreelance is busy/)
}

/** Those for whom no link came: EasyFreelance said no, or something that has to be decided by a person. */
function refusedOnes({ sandbox, steps, wishFor }: Play) {
  const { easyfreelance, slack, returnUrl } = sandbox
  const unknown = wishFor({ number: NOBODYS_NUMBER })
  const foreign = wishFor({ number: OTHERS_EMPLOYEE })
  const notApproved = wishFor()
  const invalid = wishFor()
  const misunderstood = wishFor()
  const unclear = wishFor()
  const closed = wishFor()
  const unsafe = wishFor()
  const gone = wishFor()

  const onStart = (wish: Wish, misbehaviour: Misbehaviour, times = 1) =>
    easyfreelance.fault({
      route: 'start',
      when: ({ employeeId }) => employeeId === wish.number,
      times,
      do: misbehaviour,
    })
  // EasyFreelance does not say who that is while the form is open, so it is sent all the same.
  easyfreelance.fault({ route: 'user', when: ({ employeeId }) => employeeId === NOBODYS_NUMBER, do: { status: 503 } })
  onStart(invalid, { status: 422 })
  onStart(misunderstood, { status: 400 })
  onStart(unclear, 'lose', 2)
  onStart(closed, 'lose', 2)
  onStart(unsafe, { link: 'other_origin' })
  // They leave the company between the form and the link.
  onStart(gone, {
    rewrite: (reply) => {
      slack.updatePerson(gone.userId, { deleted: true })
      return reply
    },
  })

  return {
    wishes: [unknown, foreign, invalid, misunderstood, unclear, closed, unsafe, gone],
    async firstWords(): Promise<void> {
      const words = Promise.all([
        steps.cardSays(unknown.userId, /^Not started.*knows no employee/),
        steps.cardSays(foreign.userId, /^Not started.*does not let your company/),
        steps.cardSays(invalid.userId, /^Not started.*refused what the form said/),
        steps.cardSays(misunderstood.userId, /^Not started.*did not understand/),
        steps.cardSays(unsafe.userId, /^Please decide: unsafe link/),
        steps.cardSays(gone.userId, /^Please decide: link not delivered/),
        ...[unclear, closed].map(({ userId }) => steps.cardSays(userId, /^Starting again/)),
      ])
      await passTimeUntil(sandbox, words)
      easyfreelance.withdrawReturnUrl(returnUrl)
      await steps.requestAll([notApproved])
      await passTimeUntil(sandbox, steps.cardSays(notApproved.userId, /^Not started.*return address/))
      easyfreelance.approveReturnUrl(returnUrl)
    },
    async lastWords(): Promise<void> {
      await steps.cardSays(unclear.userId, /^Please decide: no clear answer/)
      const card = await steps.cardSays(closed.userId, /^Please decide: no clear answer/)
      await steps.pressUntil(closed.managerId, card, /^Close/, { of: closed.userId, says: /^Closed/ })
    },
  }
}

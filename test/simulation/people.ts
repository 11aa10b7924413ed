import { CLOSE_ACTION, RETRY_ACTION } from '../../src/views/decision-buttons.ts'
import { NOT_EXPECTED_ACTION, OPEN_LINK_ACTION } from '../../src/views/invitation.ts'
import type { Chance } from './chance.ts'
import type { Clock } from './clock.ts'
import type { EasyFreelanceSide } from './easyfreelance-side.ts'
import type { Happenings } from './happenings.ts'
import type { Lives } from './lives.ts'
import { type Button, buttonsIn, type Standing } from './slack-messages.ts'
import type { SlackSide } from './slack-side.ts'
import { type Act, CHANNEL, EMPLOYEES, MANAGERS, TEAM } from './story.ts'
import type { Trace } from './trace.ts'

/** Who was promised what. */
export type Accepted = { readonly viewId: string; readonly employeeId: string; readonly managerId: string }

export type PeopleDeps = {
  readonly clock: Clock
  readonly chance: Chance
  readonly happenings: Happenings
  readonly lives: Lives
  readonly slack: SlackSide
  readonly easyfreelance: EasyFreelanceSide
  readonly trace: Trace
}

export type People = ReturnType<typeof makePeopleActing>

/** People act on what they see in Slack, whether the bot is there to hear it or not. */
export function makePeopleActing({ clock, chance, happenings, lives, slack, easyfreelance, trace }: PeopleDeps) {
  const accepted: Accepted[] = []
  const sent = new Set<string>()
  const closings = new Set<string>()
  const { conversations } = slack

  /** Slack says that the app did not respond, or that something went wrong; the person knows that, and so do we. */
  const shrug = () => trace.note('it did not work')

  function find(places: readonly string[], actionId: string, key: string): Button | null {
    const buttons = places.flatMap((place) =>
      conversations
        .standingIn(place)
        .flatMap((standing) => screenOf(standing, key))
        .filter((button) => button.actionId === actionId),
    )
    return buttons[Math.floor(chance.of(`button of ${key}`) * buttons.length)] ?? null
  }

  /** Now and then somebody's screen is behind: the button they press is of what the message showed before. */
  function screenOf({ shown, ts }: Standing, key: string): Button[] {
    const back = chance.of(`screen of ${ts} at ${key}`) < 0.1 ? 2 : 1
    const content = shown.at(-back) ?? shown.at(-1)
    return content === undefined ? [] : buttonsIn(content)
  }

  function press(by: string, button: Button | null): void {
    if (button === null) return
    lives.current()?.listeners.press(by, button.actionId, button.value).catch(shrug)
  }

  function open(employee: string, key: string, comesBack: boolean): void {
    const button = find([`D${employee}`], OPEN_LINK_ACTION, key)
    if (button?.url == null) return
    press(employee, button)
    const session = easyfreelance.sessions.byLink(button.url)
    if (session === undefined) return
    easyfreelance.sessions.begin(session)
    const at = Math.max(session.endsAt - clock.now(), 0) + chance.between(`way back of ${key}`, 0, 5000)
    const hints = chance.of(`hint of ${key}`) < 0.7 ? [session.id] : []
    if (comesBack) clock.after(() => void lives.current()?.core.verifications.returned(hints).catch(shrug), at)
  }

  /** People do not wait for the bot to look: they also act in the very moment in which it does. */
  function whilePolled(sessionId: string, key: string, answerMs: number): void {
    const number = easyfreelance.sessions.all.get(sessionId)?.employeeNumber
    const employee = EMPLOYEES.find((each) => each.number === number)?.userId
    if (employee === undefined || !happenings.happens(`during ${key}`, 0.1, `${employee} acts during ${key}`)) return
    const says = chance.of(`act during ${key}`) < 0.3
    const act = () =>
      says
        ? press(employee, find([`D${employee}`], NOT_EXPECTED_ACTION, key))
        : void lives.current()?.core.verifications.returned([sessionId]).catch(shrug)
    clock.after(act, answerMs + chance.between(`moment during ${key}`, -20, 400))
  }

  function decide(by: string, actionId: string, key: string): void {
    const places = [...MANAGERS.map((manager) => `D${manager}`), CHANNEL]
    const button = find(places, actionId, key)
    if (button === null) return
    if (actionId === CLOSE_ACTION) closings.add(button.value.split(':')[0] ?? '')
    press(by, button)
  }

  function submit({ by, viewId, form }: Extract<Act, { do: 'submit' }>): void {
    sent.add(viewId)
    const accept = (isAccepted: boolean) => {
      trace.note(`${viewId} was ${isAccepted ? 'accepted' : 'not accepted'}`)
      if (isAccepted) accepted.push({ viewId, employeeId: form.employeeId ?? '', managerId: by })
    }
    lives.current()?.listeners.submit(by, TEAM, viewId, form).then(accept).catch(shrug)
  }

  function takeAwayMessage(key: string): void {
    const standing = conversations.all.filter(({ gone }) => gone === null)
    const message = standing[Math.floor(chance.of(`message of ${key}`) * standing.length)]
    if (message !== undefined) message.gone = 'taken_away'
  }

  function act(doing: Act): void {
    trace.note(`act: ${doing.what}`)
    switch (doing.do) {
      case 'submit':
        submit(doing)
        break
      case 'open':
      case 'open_and_return':
        open(doing.employee, doing.key, doing.do === 'open_and_return')
        break
      case 'unexpected':
        press(doing.employee, find([`D${doing.employee}`], NOT_EXPECTED_ACTION, doing.key))
        break
      case 'retry':
        decide(doing.by, RETRY_ACTION, doing.key)
        break
      case 'close':
        decide(doing.by, CLOSE_ACTION, doing.key)
        break
      case 'take_away_message':
        takeAwayMessage(doing.key)
        break
      case 'deactivate':
        slack.deactivated.add(doing.employee)
        conversations.closed.add(`D${doing.employee}`)
        break
      case 'reactivate':
        slack.deactivated.delete(doing.employee)
        conversations.closed.delete(`D${doing.employee}`)
        break
      case 'load_return_page':
        lives.current()?.core.verifications.returned([]).catch(shrug)
        break
      case 'restart':
        void lives.restart()
        break
      case 'close_channel':
        conversations.closed.add(CHANNEL)
        break
    }
  }

  return {
    act,
    whilePolled,
    /** Presses this very button, as the manager who asked would. */
    press,
    accepted: accepted as readonly Accepted[],
    sent: sent as ReadonlySet<string>,
    /** Verifications whose [Close] somebody pressed. */
    closings: closings as ReadonlySet<string>,
    noteClosing: (verificationId: string) => void closings.add(verificationId),
  }
}

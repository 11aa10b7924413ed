import type { Books, Session } from './books.ts'
import { choicePage, endedPage, leftPage, unknownPage } from './bouncer-page.ts'
import type { Incoming, Reply } from './messages.ts'

const DECISIONS = ['approved', 'declined', 'cancelled', 'error']

/** What unfurls links, such as Slackbot-LinkExpanding, is no person who opened one. */
const ROBOT = /bot|crawl|spider|preview|expanding/i

/**
 * The page behind a session's link. Looking never uses it up: only a POST decides, and only while the session is pending.
 * Afterwards the browser goes to the partner's return URL, with parameters of ours that prove nothing.
 */
export function makeBouncer(books: Books, now: () => number) {
  return (incoming: Incoming): { session: Session | undefined; reply: Reply } => {
    const session = books.findSession(({ token }) => incoming.path === `/verify/${token}`)
    return { session, reply: answer(incoming, session) }
  }

  function answer(incoming: Incoming, session: Session | undefined): Reply {
    if (session === undefined) return show(404, unknownPage())
    const isPost = incoming.method === 'POST'
    if (!isPost && incoming.method !== 'GET' && incoming.method !== 'HEAD') return show(405, unknownPage())
    if (session.status !== 'pending' || now() > session.expiresAt) return show(410, endedPage(session))
    if (!isPost) {
      const isPerson = incoming.method === 'GET' && !ROBOT.test(incoming.headers['user-agent'] ?? '')
      if (isPerson) books.open(session)
      return show(200, choicePage(session), new URL(session.returnUrl).origin)
    }
    const decision = new URLSearchParams(incoming.body).get('decision') ?? ''
    if (decision === 'leave') return show(200, leftPage())
    if (!DECISIONS.includes(decision)) return show(422, choicePage(session), new URL(session.returnUrl).origin)
    books.decide(session.id, decision)
    const back = new URL(session.returnUrl)
    back.searchParams.append('ef_status', decision)
    back.searchParams.append('session', session.id)
    return { status: 303, headers: { location: back.href, 'referrer-policy': 'no-referrer' }, body: '' }
  }
}

/** `form-action` has to name where the form's answer redirects to, or Chromium stops there. */
function show(status: number, body: string, returnOrigin = ''): Reply {
  return {
    status,
    headers: {
      'cache-control': 'no-store',
      'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; form-action 'self' ${returnOrigin}; frame-ancestors 'none'`,
      'referrer-policy': 'no-referrer',
    },
    body,
  }
}

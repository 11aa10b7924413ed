import { existsSync, readFileSync } from 'node:fs'
import type { Reply } from '../../../sandbox/easyfreelance/messages.ts'
import type { Stage } from './stage.ts'

/** Stands in every planted value, and nowhere else. */
export const CANARY = 'canary'

/** What EasyFreelance calls the employee: for the form, where the manager confirms who it is, and for nothing else. */
export const NAME = 'Kari Bekreftet'

const person = {
  id: `${CANARY}-id`,
  email: `${CANARY}@example.no`,
  internal_id: `${CANARY}-internal`,
  name: NAME,
  first_name: CANARY,
  last_name: `${CANARY}sen`,
  phone: `+47 400 ${CANARY}`,
  address: `${CANARY} gate 1`,
  postal_code: `0${CANARY}`,
  city: `${CANARY}by`,
  nationality: `${CANARY}ish`,
  note: `a ${CANARY} note`,
  ssn: `010190-${CANARY}`,
  bank_account_number: `8601.11.${CANARY}`,
  bank_iban_number: `NO93${CANARY}`,
  bank_bic_number: `${CANARY}BIC`,
  tax_percent: `${CANARY}%`,
  tax_type: `${CANARY}_tax`,
  tax_table: `table ${CANARY}`,
  tax_start: `2026-${CANARY}`,
  tax_free_card: `${CANARY}`,
}

/** What we act on; all else that EasyFreelance may answer is nobody's business. */
const READ = new Set(['verification_id', 'verification_url', 'status', 'expires_at', 'onboarding', 'missing_steps'])

/** The honest answer with something secret in every field that we do not act on, those we never heard of among them. */
export function planted(reply: Reply): Reply {
  if (typeof reply.body === 'string') return reply
  const honest = Object.entries(reply.body).map(([name, value]) => [
    name,
    READ.has(name) || value === null ? value : `${CANARY} ${name}`,
  ])
  const steps = { evaluated_at: CANARY, status_version: CANARY, is_onboarded: CANARY }
  const onboarding = 'onboarding' in reply.body ? { onboarding: { ...Object(reply.body.onboarding), ...steps } } : {}
  const more = {
    user: person,
    employee: [person],
    message: CANARY,
    error: `${CANARY} error`,
    errors: { [CANARY]: [CANARY] },
  }
  return {
    ...reply,
    headers: { ...reply.headers, 'x-request-id': CANARY, 'set-cookie': `${CANARY}=1` },
    body: { ...Object.fromEntries(honest), ...onboarding, ...person, id: CANARY, ...more },
  }
}

/** Every shape that an error of EasyFreelance's may have. */
export const COMPLAINTS: Readonly<Record<string, object | string>> = {
  error: { error: `No user ${CANARY}@example.no, https://app.example/verify/${CANARY}` },
  message: {
    message: `Kari ${CANARY} may not.`,
    exception: `${CANARY}Exception`,
    trace: [{ file: `/srv/${CANARY}.php` }],
  },
  errors: {
    message: `${CANARY} is invalid.`,
    errors: {
      partner_return_url: [`${CANARY} is not approved`],
      email: [`${CANARY}@example.no is taken`],
      [CANARY]: [CANARY],
      user: [person],
    },
  },
  html: `<!doctype html><title>${CANARY}</title><p>Kari ${CANARY}, ${CANARY}@example.no`,
  user: { data: person, error: { message: CANARY } },
  word: CANARY,
}

/** An error of Slack's that says more than it should. */
export function slackError(): Record<string, unknown> {
  return { ...slackExtras(), needed: `${CANARY}:read`, provided: CANARY, errors: [`${CANARY} error`] }
}

/** What any answer of Slack's may carry besides; its library repeats some of it into the log. */
export function slackExtras(): Record<string, unknown> {
  return {
    warning: `${CANARY}_warning`,
    response_metadata: {
      warnings: [`${CANARY}_warning`, `${CANARY} nordmann`, `Kari ${CANARY}`],
      messages: [
        `[ERROR] ${CANARY} nordmann`,
        `[ERROR] Kari ${CANARY} was not found`,
        `[WARN] ${CANARY}_nordmann`,
        `[WARN] something went wrong: ${CANARY}@example.no`,
        CANARY,
      ],
      [CANARY]: CANARY,
    },
    [CANARY]: CANARY,
  }
}

/** A user of Slack's with every field of a profile; docs.slack.dev: user object. */
export function plantedUser(body: Record<string, unknown>): Record<string, unknown> {
  const user = Object(body.user)
  const profile = {
    real_name: `Kari ${CANARY} Nordmann`,
    real_name_normalized: `Kari ${CANARY}`,
    display_name: CANARY,
    display_name_normalized: CANARY,
    first_name: CANARY,
    last_name: CANARY,
    email: `${CANARY}@example.no`,
    phone: `+47 ${CANARY}`,
    skype: CANARY,
    title: `Head of ${CANARY}`,
    pronouns: `${CANARY}/${CANARY}`,
    status_text: `At the ${CANARY}`,
    status_emoji: `:${CANARY}:`,
    image_original: `https://avatars.example/${CANARY}.png`,
    fields: { Xf0: { value: CANARY, alt: CANARY } },
    huddle_state: CANARY,
    avatar_hash: CANARY,
    team: CANARY,
  }
  return {
    ...body,
    ...slackExtras(),
    user: { ...user, name: CANARY, real_name: `Kari ${CANARY}`, tz: CANARY, profile },
  }
}

/** The files of the database, as bytes; the key is kept apart on purpose. */
export function storedBytes({ settings }: Stage): string {
  const path = String(settings.DATABASE_PATH)
  return [path, `${path}-wal`, `${path}-shm`, `${path}-journal`, `${path}.lock`, `${path}.audit-head`]
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'latin1'))
    .join('\n')
}

/** What came with the deliveries and is a key to something, or nobody's business. */
export function deliverySecrets({ slack }: Stage): string[] {
  const found = new Set<string>()
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [name, held] of Object.entries(value)) {
      if (['response_url', 'trigger_id', 'token'].includes(name) && typeof held === 'string') found.add(held)
      walk(held)
    }
  }
  for (const { payload } of slack.deliveries) walk(payload)
  return [...found]
}

import * as z from 'zod'
import type { ActRequest, ControlRequest } from '../contract.ts'

/* The bodies of `contract.ts`, checked. */

const shortText = z.string().max(100)
const longText = z.string().max(10_000)
const target = z.union([z.literal(['modal', 'home']), z.strictObject({ channelId: shortText, ts: shortText })])
const as = shortText

const act = z.discriminatedUnion('do', [
  z.strictObject({ as, do: z.literal('command'), channelId: shortText, command: shortText, text: longText }),
  z.strictObject({ as, do: z.literal('say'), channelId: shortText, text: longText.min(1) }),
  z.strictObject({ as, do: z.literal('press'), target, actionId: z.string().max(255) }),
  z.strictObject({
    as,
    do: z.literal('choose'),
    target,
    actionId: z.string().max(255),
    value: z.union([z.string().max(255), z.array(z.string().max(255)).max(100), z.null()]),
  }),
  z.strictObject({
    as,
    do: z.literal('type'),
    target,
    actionId: z.string().max(255),
    text: longText,
    enter: z.boolean(),
  }),
  z.strictObject({ as, do: z.literal(['submit', 'close', 'openHome']) }),
])

const mood = z.literal(['well', 'slow', 'rate_limited', 'failing', 'hanging', 'losing_answers', 'down'])

const control = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('forward'), to: z.literal(['hour', 'deadline', 'past_deadline']) }),
  z.strictObject({ do: z.literal('mood'), side: z.literal(['slack', 'easyfreelance']), mood }),
  z.strictObject({ do: z.literal('return_url'), approved: z.boolean() }),
  z.strictObject({ do: z.literal(['kill', 'restart']) }),
  z.strictObject({
    do: z.literal('decide'),
    sessionId: shortText,
    status: z.string().regex(/^[\w -]{1,60}$/, 'takes one to sixty letters, digits, spaces and hyphens'),
  }),
  z.strictObject({ do: z.literal('scene'), scene: z.literal(['empty', 'busy_monday', 'on_fire']) }),
])

type Read<Request> = { readonly ok: true; readonly request: Request } | { readonly ok: false; readonly problem: string }

export const readAct = (body: unknown): Read<ActRequest> => read(act, body)
export const readControl = (body: unknown): Read<ControlRequest> => read(control, body)

function read<Request>(schema: z.ZodType<Request>, body: unknown): Read<Request> {
  const { success, data, error } = schema.safeParse(body)
  return success ? { ok: true, request: data } : { ok: false, problem: z.prettifyError(error) }
}

/** What visitors are shown of an app, as its configuration has it. */
import { z } from 'zod'
import { choice, pictureUrl } from '../kinds/choice.ts'
import { form } from '../kinds/form.ts'
import type { WireType } from '../kinds/schema-parts.ts'
import { text } from '../kinds/text.ts'
import * as LIMITS from '../limits.ts'

export const appearance = z
  .strictObject({
    accent: z
      .string()
      .regex(/^#([0-9a-f]{3}|[0-9a-f]{6})$/i, 'must be a colour in hexadecimal, e.g. #1f4d3f')
      .exactOptional(),
    logo: pictureUrl.exactOptional(),
    /** Markdown. */
    greeting: text.max(LIMITS.greetingLength).exactOptional(),
    quickReplies: z.array(choice).min(1).max(LIMITS.quickReplies).exactOptional(),
    /** Time in which agents usually answer: some minutes, some hours, a day. */
    replyTime: z.enum(['minutes', 'hours', 'day']).exactOptional(),
  })
  .superRefine(({ greeting, quickReplies }, ctx) => {
    if (quickReplies !== undefined && greeting === undefined)
      ctx.addIssue({ code: 'custom', path: ['greeting'], message: 'missing; quickReplies answer it' })
  })
export type Appearance = WireType<z.output<typeof appearance>>

/** A form before the first message of a conversation. */
export const preChatForm = form.extend({
  /** True if customers whom the app knows are asked too. */
  identified: z.boolean().exactOptional(),
})
export type PreChatForm = WireType<z.output<typeof preChatForm>>

/** A form after a message that nobody answers for now. */
export const outOfHoursForm = form.superRefine(({ fields }, ctx) => {
  if (!fields.some(({ type }) => type === 'email'))
    ctx.addIssue({ code: 'custom', path: ['fields'], message: 'must have a field of the type email' })
})

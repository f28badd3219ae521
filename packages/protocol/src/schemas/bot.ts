/** What a bot may answer to a webhook. */
import { z } from 'zod'
import { actionName, actionParams, login, text } from './common.ts'

export const botAnswerItem = z.union([
  z.strictObject({ text }),
  z.strictObject({ login }),
  z.strictObject({
    action: z.strictObject({ name: actionName, params: actionParams.default({}) }),
  }),
])
export type BotAnswerItem = z.input<typeof botAnswerItem>

export const botAnswer = z.strictObject({
  /** Posted in this order. */
  messages: z.array(botAnswerItem).max(20).default([]),
  /** From now on the agents answer, not the bot. */
  handOver: z.boolean().default(false),
})
export type BotAnswer = z.input<typeof botAnswer>

/** A bot's answer to a webhook. */
import { z } from 'zod'
import { postedBy } from '../kinds/message.ts'
import { actionName, actionParams } from './common.ts'

export const botAnswerItem = z.union([
  ...postedBy('bot', {}),
  z.strictObject({
    action: z.strictObject({ name: actionName, params: actionParams.default({}) }),
  }),
])
export type BotAnswerItem = z.input<typeof botAnswerItem>

export const botAnswer = z.strictObject({
  /** Posted in this order. */
  messages: z.array(botAnswerItem).max(20).default([]),
  /** Makes the agents the handler. */
  handOver: z.boolean().default(false),
})
export type BotAnswer = z.input<typeof botAnswer>

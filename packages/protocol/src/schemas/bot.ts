/** A bot's answer to a webhook. */
import { z } from 'zod'
import { kindsBy, postedBy } from '../kinds/message.ts'
import { actionName, actionParams } from './common.ts'
import { inSnakeCase } from './snake-case.ts'

const action = z.strictObject({
  action: z.strictObject({ name: actionName, params: actionParams.default({}) }),
})

const bodies = postedBy('bot', {})

export const botAnswerItem = z.union([inSnakeCase(bodies), action])
/** The same, each under the key that says which it is. */
export const botAnswerItems = new Map<string, z.ZodType<z.output<typeof botAnswerItem>>>([
  ...bodies.map((body, index) => [kindsBy('bot')[index] ?? '', inSnakeCase([body])] as const),
  ['action', action],
])
export type BotAnswerItem = z.input<typeof botAnswerItem>

export const botAnswer = z.strictObject({
  /** Posted in this order. */
  messages: z.array(botAnswerItem).max(20).default([]),
  /** Makes the agents the handler. */
  handOver: z.boolean().default(false),
})
export type BotAnswer = z.input<typeof botAnswer>

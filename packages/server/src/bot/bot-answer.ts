/** Reads a bot's answer: usable items are used, the others are named for the log. */
import { botAnswer, type botAnswerItem, botAnswerItems } from '@chat-widget/protocol/schemas'
import type { z } from 'zod'
import { allIssues } from '../config/configuration-error.ts'

export type CheckedBotAnswer = z.output<typeof botAnswer>

export interface ReadBotAnswer {
  /** `null`: the answer is not empty, and nothing in it is usable. */
  readonly answer: CheckedBotAnswer | null
  /** Key and reason of each unusable item, without values. */
  readonly problems: readonly string[]
}

type Item = z.output<typeof botAnswerItem>

const MESSAGES = 20
/** Keys that say which kind of item it is. */
const NAMES = [...botAnswerItems.keys()]
/** Most problems named in the log. */
const PROBLEMS = 10

/** `body`: parsed JSON; `null` is an empty answer. */
export function readBotAnswer(body: unknown): ReadBotAnswer {
  const whole = botAnswer.safeParse(body ?? {})
  if (whole.success) return { answer: whole.data, problems: [] }
  if (!isObject(body)) return { answer: null, problems: ['the answer is no JSON object'] }

  const { messages = [], handOver = false, ...unknown } = body
  const problems = Object.keys(unknown).map((key) => `${key}: unknown key`)
  if (typeof handOver !== 'boolean') problems.push('handOver: must be true or false')
  if (!Array.isArray(messages)) problems.push('messages: must be a list')
  const items: readonly unknown[] = Array.isArray(messages) ? messages : []
  if (items.length > MESSAGES) problems.push(`messages: has ${items.length}, and only ${MESSAGES} are posted`)
  const usable = items.slice(0, MESSAGES).flatMap((item, index): readonly Item[] => {
    const read = readItem(item)
    problems.push(...read.problems.map((problem) => `messages[${index}]${problem}`))
    return read.item === null ? [] : [read.item]
  })

  const isSilent = Array.isArray(body.messages) && items.length === 0
  const says = usable.length > 0 || handOver === true || isSilent
  return {
    answer: says ? { messages: usable, handOver: handOver === true } : null,
    problems: problems.slice(0, PROBLEMS),
  }
}

/** A file has text beside it. */
function nameIn(item: object): string | undefined {
  const names = NAMES.filter((key) => key in item)
  return names.find((key) => key !== 'text') ?? names[0]
}

/** Problems are named relative to the item. */
function readItem(item: unknown): { readonly item: Item | null; readonly problems: readonly string[] } {
  const kind = isObject(item) ? nameIn(item) : undefined
  const schema = botAnswerItems.get(kind ?? '')
  if (!isObject(item) || kind === undefined || schema === undefined)
    return { item: null, problems: [`: has no ${NAMES.join(', ')}`] }
  const problems: string[] = []
  let rest = item
  for (;;) {
    const parsed = schema.safeParse(rest)
    if (parsed.success) return { item: parsed.data, problems }
    const issues = allIssues(parsed.error)
    for (const { key, problem } of issues)
      problems.push(`.${key}: ${problem}${problem === 'unknown key' ? ` beside ${kind}` : ''}`)
    // A usable part is used: keys beside the one that names the kind are left out.
    const beside = new Set(issues.map(({ key }) => key.split(/[.[]/, 1)[0] ?? ''))
    beside.delete(kind)
    const kept = Object.fromEntries(Object.entries(rest).filter(([key]) => !beside.has(key)))
    if (Object.keys(kept).length === Object.keys(rest).length) return { item: null, problems }
    rest = kept
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

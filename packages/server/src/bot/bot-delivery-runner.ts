/** Makes one delivery, as a job: asks the bot, posts its answer, and runs the actions it asks for. */
import {
  type AppId,
  type BotRequest,
  ChatError,
  type ConversationId,
  type ErrorCode,
  type MessageId,
  type TypingAuthor,
} from '@chat-widget/protocol'
import type { Logger } from 'pino'
import { ACTION_LOGIN } from '../actions/action-login.ts'
import type { ActionRunner } from '../actions/action-runner.ts'
import type { AppConfig } from '../config/config.ts'
import type { InternalConversationService } from '../conversations/create-conversation-service.ts'
import { visitorOf } from '../conversations/summaries.ts'
import type { JobHandler, RunningJob } from '../jobs/job-queue.ts'
import { createTurns } from '../limits/turns.ts'
import { botJob } from '../storage/append-jobs.ts'
import { derivedClientId } from '../storage/derived-client-id.ts'
import type { ActionParams, BotWork, BotWorkOrigin, ConversationRecord, Storage } from '../storage/storage.ts'
import type { CheckedBotAnswer } from './bot-answer.ts'
import { callBot } from './bot-call.ts'
import { createPartialTexts } from './partial-texts.ts'

export interface BotDeliveryRunnerOptions {
  readonly storage: Storage
  readonly apps: ReadonlyMap<AppId, AppConfig>
  readonly conversations: InternalConversationService
  readonly actions: ActionRunner
  readonly typing: (conversationId: ConversationId, author: TypingAuthor, typing: boolean) => void
  readonly tuning: { readonly botBackoffMs: readonly [number, number]; readonly botTimeoutMs: number }
  readonly logger: Logger
  readonly now: () => number
}

type Delivery = RunningJob<'bot-delivery'>

/** A request to the bot, the id by which its answer is recognised, and the conversation it belongs to. */
interface Question {
  readonly delivery: Delivery
  readonly conversation: ConversationRecord
  readonly bot: NonNullable<AppConfig['bot']>
  readonly request: BotRequest
  readonly origin: BotWorkOrigin
}

type DropFirst<List extends readonly unknown[]> = List extends [unknown, ...infer Rest] ? Rest : never

interface PlannedAction {
  readonly origin: BotWorkOrigin
  readonly name: string
  readonly params: ActionParams
  /** True if it runs because of a sign-in: asking for another one would loop. */
  readonly afterSignIn: boolean
}

const TRIES = 3
/** Deliveries of a node under way. */
const DELIVERIES_AT_ONCE = 2_000
/** Of those, an app's: most wait for its turn. An app whose bot hangs leaves room for the others'. */
const DELIVERIES_OF_APP = 100
/** Calls of one app at a time, so that a bot that hangs delays no other. */
const CALLS_AT_ONCE = 20
const ACTIONS_PER_MESSAGE = 5
/** Parts of a text that are told before it is looked again if the conversation is still the bot's. */
const LOOKED_AFTER = 4
const NOTHING: CheckedBotAnswer = { messages: [], handOver: false }
const FILE_REFUSALS: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['bad-request', 'file-refused'])
const BOT: TypingAuthor = { kind: 'bot' }

/** Thrown when the job is given back, as the server stops. */
class Stopped extends Error {
  override readonly name = 'Stopped'
}

/** Thrown where another try may help. */
class BotFailed extends Error {
  override readonly name = 'BotFailed'
}

export function createBotDeliveryRunner(options: BotDeliveryRunnerOptions): JobHandler<'bot-delivery'> {
  const { storage, apps, conversations, actions, typing, tuning, logger, now } = options
  const calls = createTurns({ atOnce: CALLS_AT_ONCE })
  /** Deliveries whose text was told in part: it is shown until its message takes its place. */
  const partlyTold = new Set<string>()

  async function deliver(delivery: Delivery): Promise<readonly BotWork[]> {
    const { work, conversationId } = delivery.payload
    if (work.kind === 'action') return replayAction(delivery, work)
    const asked = await prepare(delivery)
    if (asked === null) {
      // The try before left it on.
      if (delivery.attempts > 1) typing(conversationId, BOT, false)
      return []
    }
    const { question, answer } = await askAgainIfSignedIn(asked)
    if (work.kind === 'closed') return []
    // [BT2] The conversation was closed while the bot answered, and may be open again.
    if (!(await storage.botDeliveries.isOwed(delivery.key))) return []
    const conversation = await findHandledByBot(conversationId)
    // An agent took over while the bot answered.
    if (conversation === null) return []
    if (conversation.status === 'closed') return [{ kind: 'closed' }]
    const { key } = question.origin
    if (answer === null) {
      await conversations.handOver(conversation.id, 'bot-failed', derivedClientId(key, 'bot-failed'))
      return []
    }
    if (question.request.type === 'message') {
      await conversations.markRead(conversation.id, 'agent', question.request.message.seq)
    }
    const planned = await post(question, answer)
    const results: BotWork[] = []
    for (const action of planned.slice(0, ACTIONS_PER_MESSAGE - question.origin.actions)) {
      const result = await runAction(conversation, action, delivery.signal)
      if (result !== null) results.push(result)
    }
    if (planned.length + question.origin.actions > ACTIONS_PER_MESSAGE) {
      logger.warn({ app: conversation.app }, 'a bot asked for too many actions about one message')
      await conversations.handOver(conversation.id, 'bot-failed', derivedClientId(key, 'too-many-actions'))
    } else if (answer.handOver) {
      await conversations.handOver(conversation.id, 'bot-asked', derivedClientId(key, 'hand-over'))
    }
    return results
  }

  /** Runs an action that waited for a sign-in. */
  async function replayAction(
    { payload: { conversationId }, signal }: Delivery,
    { key, name, params }: Extract<BotWork, { kind: 'action' }>,
  ): Promise<readonly BotWork[]> {
    const conversation = await findHandledByBot(conversationId)
    if (conversation === null) return []
    const origin = { key, messageId: null, actions: 1 }
    const result = await runAction(conversation, { origin, name, params, afterSignIn: true }, signal)
    return result === null ? [] : [result]
  }

  /** Resolves with the conversation if the bot is still its handler. */
  async function findHandledByBot(conversationId: ConversationId): Promise<ConversationRecord | null> {
    const conversation = await storage.conversations.find(conversationId)
    return conversation?.handler === 'bot' ? conversation : null
  }

  async function prepare(delivery: Delivery): Promise<Question | null> {
    const conversation = await findHandledByBot(delivery.payload.conversationId)
    if (conversation === null) return null
    const bot = apps.get(conversation.app)?.bot
    if (bot === undefined) {
      // [BT3] The bot was removed from the configuration.
      await conversations.handOver(conversation.id, 'bot-failed', derivedClientId(delivery.key, 'no-bot'))
      return null
    }
    const base = {
      app: conversation.app,
      conversation: { id: conversation.id },
      visitor: visitorOf(conversation),
    }
    const { work } = delivery.payload
    switch (work.kind) {
      case 'message': {
        const message = await storage.messages.find(work.messageId)
        if (message === null) return null
        const origin = { key: delivery.key, messageId: message.id, actions: 0 }
        return { delivery, conversation, bot, origin, request: { ...base, type: 'message', message } }
      }
      case 'action-result': {
        const { name, ok, status, body } = work
        const origin = work.origin ?? { key: delivery.key, messageId: null, actions: 1 }
        return {
          delivery,
          conversation,
          bot,
          origin,
          request: { ...base, type: 'action-result', name, ok, status, body },
        }
      }
      case 'closed': {
        const origin = { key: delivery.key, messageId: null, actions: 0 }
        return { delivery, conversation, bot, origin, request: { ...base, type: 'conversation-closed' } }
      }
      // Calls the company, not the bot.
      case 'action':
        return null
      default:
        return work satisfies never
    }
  }

  /** Asks again for a visitor who signed in meanwhile: they get an answer, not the card that asks for a sign-in. */
  async function askAgainIfSignedIn(
    question: Question,
  ): Promise<{ readonly question: Question; readonly answer: CheckedBotAnswer | null }> {
    const answer = await ask(question, question.origin.key)
    const asksForLogin = answer?.messages.some((item) => 'login' in item) === true
    if (!asksForLogin || question.request.visitor.verified) return { question, answer }
    const again = await prepare(question.delivery)
    if (again?.request.visitor.verified !== true) return { question, answer }
    return { question: again, answer: await ask(again, `${again.origin.key}.verified`) }
  }

  /** Resolves with `null` when the bot failed for good. Throws `BotFailed` if another try may help. */
  async function ask(
    { delivery, conversation, bot, request }: Question,
    webhookId: string,
  ): Promise<CheckedBotAnswer | null> {
    const { key, attempts, signal } = delivery
    if (signal.aborted) throw new Stopped()
    const isTyping = request.type !== 'conversation-closed'
    if (isTyping) typing(conversation.id, BOT, true)
    let isTriedAgain = false
    let parts = 0
    let isLeft = false
    const look = async () => {
      const found = await findHandledByBot(conversation.id)
      isLeft = found === null || found.status === 'closed'
    }
    const partial = createPartialTexts((text) => {
      partlyTold.add(key)
      parts += 1
      if (parts % LOOKED_AFTER === 0) look().catch(() => undefined)
      typing(conversation.id, { ...BOT, text }, true)
    })
    try {
      const outcome = await calls.run(conversation.app, () => {
        // Its turn came after the stop.
        if (signal.aborted) throw new Stopped()
        return callBot(bot, request, {
          ...{ webhookId, timeoutMs: tuning.botTimeoutMs, at: now() },
          writing(text) {
            if (isTyping) partial.set(text)
            return !signal.aborted && !isLeft
          },
        })
      })
      if (outcome.kind === 'failed' && outcome.reason === 'aborted') {
        if (signal.aborted) throw new Stopped()
        return NOTHING
      }
      const call = { app: conversation.app, delivery: key, attempt: attempts }
      if (outcome.kind === 'answered') {
        const { answer, problems } = outcome
        if (problems.length > 0) logger.warn({ ...call, problems }, "a part of a bot's answer cannot be used")
        return answer
      }
      const { kind, reason } = outcome
      logger.warn({ ...call, kind, reason }, 'a bot call failed')
      // After a crash in the last try, the bot gets one more: it may never have received it.
      isTriedAgain = kind === 'failed' && attempts < TRIES
      if (isTriedAgain) throw new BotFailed()
      return null
    } finally {
      partial.end()
      if (isTyping && !isTriedAgain && !partlyTold.has(key)) typing(conversation.id, BOT, false)
    }
  }

  /** Posts messages and cards in order; resolves with the actions, to be run after them. */
  async function post(
    { conversation, request, origin }: Question,
    answer: CheckedBotAnswer,
  ): Promise<readonly PlannedAction[]> {
    const planned: PlannedAction[] = []
    const total = origin.actions + answer.messages.filter((item) => 'action' in item).length
    for (const [index, item] of answer.messages.entries()) {
      const key = `${origin.key}.${index}`
      if ('action' in item) {
        const { name, params } = item.action
        planned.push({ origin: { ...origin, key, actions: total }, name, params, afterSignIn: false })
      } else {
        // The visitor is verified already: after another sign-in the bot could only show the same card again.
        const blocked = blockedBy(request.visitor.verified ? null : origin.messageId)
        await postUnlessRefused(conversation, derivedClientId(key), item, blocked)
      }
    }
    return planned
  }

  /** Drops a message whose file cannot be sent: asked again, the bot would send the same. */
  async function postUnlessRefused(
    { id, app }: ConversationRecord,
    ...posting: DropFirst<Parameters<InternalConversationService['postAsBot']>>
  ): Promise<void> {
    try {
      await conversations.postAsBot(id, ...posting)
    } catch (error) {
      if (!(error instanceof ChatError && FILE_REFUSALS.has(error.code))) throw error
      logger.warn({ app, code: error.code }, "a bot's file cannot be sent")
    }
  }

  /** Resolves with the request that tells the bot the outcome, or `null` if a login card has to come first. */
  async function runAction(
    conversation: ConversationRecord,
    { origin, name, params, afterSignIn }: PlannedAction,
    signal: AbortSignal,
  ): Promise<BotWork | null> {
    const card = { conversationId: conversation.id, clientId: derivedClientId(origin.key, 'login') }
    const askToSignIn = async () => {
      const blocked = { kind: 'action', name, params } as const
      await conversations.postAsBot(card.conversationId, card.clientId, { login: ACTION_LOGIN }, blocked)
      return null
    }
    // Stored by a try that came no further: the sign-in that answers the card runs the action, and may be over by now.
    if (await storage.messages.has(card)) return askToSignIn()
    const outcome = await actions.run({ conversation, name, params, key: origin.key, signal })
    const tell = (ok: boolean, status: number, body: unknown): BotWork => ({
      kind: 'action-result',
      ...{ name, ok, status, body, origin },
    })
    switch (outcome.kind) {
      case 'result':
        return tell(outcome.ok, outcome.status, outcome.body)
      case 'failed':
        return tell(false, outcome.status, { error: { code: outcome.reason } })
      case 'login-needed':
        if (afterSignIn && outcome.cause === 'refused') return tell(false, 401, null)
        return askToSignIn()
      case 'aborted':
        throw new Stopped()
      default:
        return outcome satisfies never
    }
  }

  return {
    // A failure of the server itself has to be made good some day.
    ...{ atOnce: DELIVERIES_AT_ONCE, ofReceiver: DELIVERIES_OF_APP, tries: Number.POSITIVE_INFINITY },
    backoff: { baseMs: tuning.botBackoffMs[0], capMs: tuning.botBackoffMs[1] },
    async run(delivery) {
      const { conversationId } = delivery.payload
      const results = await deliver(delivery).finally(() => {
        if (partlyTold.delete(delivery.key)) typing(conversationId, BOT, false)
      })
      const conversation = results.length === 0 ? null : await storage.conversations.find(conversationId)
      return conversation === null ? [] : results.map((work) => botJob(conversation, work, now()))
    },
  }
}

function blockedBy(messageId: MessageId | null) {
  return messageId === null ? ({ kind: 'nothing' } as const) : ({ kind: 'message', messageId } as const)
}

/** Messages that the server adds to a visitor's: the opening of a conversation, and the out-of-hours form. */
import type { Form } from '@chat-widget/protocol'
import type { AppConfig } from '../config/config.ts'
import { contentOfBody } from '../kinds/index.ts'
import type { OwnMessage, SessionRecord } from '../storage/storage.ts'
import type { PostBody } from './conversation-service.ts'

interface Own {
  readonly greeting: readonly OwnMessage[]
  readonly preChat: readonly OwnMessage[]
  readonly outOfHours: OwnMessage | undefined
}

/** Made once for a configuration: each message of a visitor may need them. */
const made = new WeakMap<AppConfig, Own>()

/** [WH3] The greeting, and before values the pre-chat form, as devices show them while they are not stored. */
export function openingOf(app: AppConfig, body: PostBody): readonly OwnMessage[] {
  const { greeting, preChat } = ownOf(app)
  return 'values' in body ? [...greeting, ...preChat] : greeting
}

/** [WH6] The out-of-hours form, unless the visitor's address is known, or a form was just answered. */
export const followUpOf = (
  app: AppConfig,
  { user }: Pick<SessionRecord, 'user'>,
  body: PostBody,
): OwnMessage | undefined =>
  user?.method === 'email' || 'values' in body ? undefined : ownOf(app).outOfHours

function ownOf(app: AppConfig): Own {
  const known = made.get(app) ?? makeOwn(app)
  made.set(app, known)
  return known
}

function makeOwn({ name, appearance = {}, preChat, outOfHours }: AppConfig): Own {
  const { greeting: text, quickReplies } = appearance
  const by = (kind: 'bot' | 'system', body: Parameters<typeof contentOfBody>[0]): OwnMessage => ({
    author: { kind, name },
    body: contentOfBody(body),
  })
  return {
    greeting: text === undefined ? [] : [by('bot', { text, ...(quickReplies && { quickReplies }) })],
    preChat: preChat === undefined ? [] : [by('bot', { form: formOf(preChat) })],
    // Not by the bot, whose messages say that it has read those before.
    outOfHours: outOfHours && by('system', { form: formOf(outOfHours) }),
  }
}

const formOf = ({ title, fields, submit }: Form): Form => ({
  ...(title !== undefined && { title }),
  ...{ fields, submit },
})

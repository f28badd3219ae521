/** [UM1] Mails customers who left with an unread answer: the job that is stored with each answer. */
import type { AppId, ConversationId, Message } from '@chat-widget/protocol'
import type { Logger } from 'pino'
import type { AppConfig } from '../config/config.ts'
import type { JobHandler } from '../jobs/job-queue.ts'
import { type MailSender, RecipientRefused } from '../mail/mail-sender.ts'
import { unreadMailJob } from '../storage/job-storage.ts'
import type { ConversationOwner, ConversationRecord, Storage } from '../storage/storage.ts'
import { DEFAULT_LANGUAGE } from '../text/language.ts'
import { findAddress } from './find-address.ts'
import { type Unsubscribing, unsubscribePath } from './unsubscribing.ts'

export interface UnreadMailJobOptions {
  readonly storage: Pick<Storage, 'conversations' | 'messages' | 'users' | 'unreadMails'>
  readonly apps: ReadonlyMap<AppId, AppConfig>
  /** `null`: no mail can be sent. */
  readonly sender: MailSender | null
  readonly unsubscribing: Unsubscribing
  /** The server's own address as others reach it, without a trailing slash. */
  readonly publicUrl: () => string
  /** True if a device of the owner is connected, to any node. */
  readonly isOnline: (owner: ConversationOwner) => Promise<boolean>
  readonly logger: Logger
  readonly now?: () => number
}

const MINUTE_MS = 60_000
/** An answer this old is not mailed any more. */
const OLDEST_MS = 7 * 24 * 60 * MINUTE_MS
/** Unread messages that are looked at. */
const MOST_UNREAD = 100

export function createUnreadMailJob(options: UnreadMailJobOptions): JobHandler<'unread-mail'> {
  const { storage, apps, sender, unsubscribing, publicUrl, isOnline, logger, now = Date.now } = options

  /** Messages of the company that neither a device nor a mail has shown to the customer. */
  async function findUnread(
    { id, visitorReadSeq }: ConversationRecord,
    range: { readonly after: number; readonly upTo: number },
  ): Promise<readonly Message[]> {
    const after = Math.max(visitorReadSeq, await storage.unreadMails.mailedSeq(id), range.after)
    if (after >= range.upTo) return []
    const messages = await storage.messages.list({ conversationId: id, after, limit: MOST_UNREAD })
    return messages.filter(
      ({ author, kind, deleted, seq }) =>
        (author.kind === 'agent' || author.kind === 'bot') &&
        kind !== 'event' &&
        deleted !== true &&
        seq <= range.upTo,
    )
  }

  /** The mail to be sent now; `null` if there is nobody to be mailed, or nothing to be told. */
  async function addressed(
    conversation: ConversationRecord,
    range: { readonly after: number; readonly upTo: number },
  ): Promise<{ readonly address: string; readonly messages: readonly Message[] } | null> {
    const unread = await findUnread(conversation, range)
    if (unread.length === 0) return null
    const found = await findAddress(storage, conversation)
    if (found === null || (await unsubscribing.isUnsubscribed(conversation.app, found.address))) return null
    // [UM2] A bot may repeat what somebody wrote who gave another's address.
    const messages = found.isProved ? unread : unread.filter(({ author }) => author.kind === 'agent')
    return messages.length === 0 ? null : { address: found.address, messages }
  }

  async function send(
    conversation: ConversationRecord,
    { name, locale, unreadMail: config }: AppConfig,
    range: { readonly after: number; readonly upTo: number },
    signal: AbortSignal,
  ): Promise<void> {
    const mail = await addressed(conversation, range)
    if (mail === null || sender === null || config === undefined) return
    const { id, app } = conversation
    const { address, messages } = mail
    // With a parser of Markdown, which no start waits for.
    const { unreadMail } = await import('./unread-mail.ts')
    const language = conversation.language ?? locale ?? DEFAULT_LANGUAGE
    const content = unreadMail({
      ...{ appName: name, page: config.page, messages, language },
      unsubscribe: publicUrl() + unsubscribePath(app, unsubscribing.tokenOf(app, address), language),
    })
    try {
      await sender.send({ to: address, ...content, key: `${id}.${range.upTo}`, signal })
    } catch (error) {
      if (!(error instanceof RecipientRefused)) throw error
      logger.info({ app, problem: error.message }, 'a mail about unread messages was refused')
    }
    await storage.unreadMails.markMailed(id, range.upTo)
  }

  const find = async (conversationId: ConversationId) => {
    const conversation = await storage.conversations.find(conversationId)
    const app = conversation === null ? undefined : apps.get(conversation.app)
    return conversation === null || app === undefined ? null : { conversation, app }
  }

  return {
    // A mail server that is away for a day is waited for.
    ...{ atOnce: 5, tries: 20, backoff: { baseMs: MINUTE_MS, capMs: 240 * MINUTE_MS } },
    async run({ payload, key, createdAt, signal }) {
      const { conversationId, seq } = payload
      const found = await find(conversationId)
      if (found === null || sender === null || found.app.unreadMail === undefined) return []
      const { conversation, app } = found
      if (payload.send !== null) {
        await send(conversation, app, payload.send, signal)
        return []
      }
      const isOver = now() - createdAt > OLDEST_MS
      if (isOver || conversation.visitorReadSeq >= seq) return []
      if (await isOnline(conversation.owner)) {
        // Later each time: a page that is left open need not be looked at every few minutes.
        const pause = Math.max(found.app.unreadMail.afterMinutes * MINUTE_MS, now() - createdAt)
        return [unreadMailJob({ key, conversationId, seq, dueAt: now() + pause, createdAt })]
      }
      const range = { after: 0, upTo: conversation.headSeq }
      if ((await addressed(conversation, range)) === null) return []
      // Decided once: whatever comes meanwhile, tries of the mail tell of the same messages.
      const next = { key: `${conversationId}.${range.upTo}`, dueAt: now(), createdAt: now() }
      return [unreadMailJob({ ...next, conversationId, seq, send: range })]
    },
  }
}

/** [UM2] Finds the address at which a customer is told of unread messages. */
import { type Message, readEmailAddress, type UserId } from '@chat-widget/protocol'
import type { ConversationRecord, Storage } from '../storage/storage.ts'

export interface FoundAddress {
  readonly address: string
  /** False for one that somebody typed into a form, and may not be theirs. */
  readonly isProved: boolean
}

/** Answers to forms that are looked at, the newest first. */
const ANSWERS = 20

export async function findAddress(
  storage: Pick<Storage, 'users' | 'messages' | 'unreadMails'>,
  conversation: ConversationRecord,
): Promise<FoundAddress | null> {
  const { owner, userIdentifier, method, id: conversationId } = conversation
  if (owner.kind === 'user') {
    const named = method === 'identifier' ? null : readEmailAddress(userIdentifier ?? '')
    const address = named ?? (await claimedAddress(storage, owner.id))
    if (address !== null) return { address, isProved: true }
  }
  const answers = await storage.unreadMails.formAnswers(conversationId, ANSWERS)
  for (const answer of answers) {
    const address = await addressIn(storage, answer)
    if (address !== null) return { address, isProved: false }
  }
  return null
}

async function claimedAddress(storage: Pick<Storage, 'users'>, id: UserId): Promise<string | null> {
  const claims = (await storage.users.claims([id])).get(id) ?? []
  return firstOf(claims.filter(({ verified }) => verified).map(({ value }) => value))
}

async function addressIn(
  storage: Pick<Storage, 'messages'>,
  answer: Message<'form-answer'>,
): Promise<string | null> {
  const { conversationId, to, values } = answer
  const [form] = await storage.messages.list({ conversationId, after: to - 1, limit: 1 })
  if (form?.kind !== 'form') return null
  const fields = form.form.fields.filter(({ type }) => type === 'email')
  return firstOf(fields.flatMap(({ name }) => values[name] ?? []))
}

const firstOf = (texts: readonly string[]): string | null =>
  texts.map((text) => readEmailAddress(text)).find((address) => address !== null) ?? null

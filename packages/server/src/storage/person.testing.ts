/** Fills every place that keeps something of a customer with words that are found again. */
import { randomUUID } from 'node:crypto'
import type { ActionRunId, AgentId, ConversationId, FileId } from '@chat-widget/protocol'
import { eventContent } from '../kinds/event.ts'
import { botJob } from './append-jobs.ts'
import { newRequest } from './contract-authentication-requests.testing.ts'
import {
  loginCard,
  newClientId,
  newSecretHash,
  ownerOf,
  SHOP,
  stored,
  textFrom,
  visitorText,
} from './contract-fixture.testing.ts'
import { unreadMailJob } from './job-storage.ts'
import type { AppendRequest, Storage } from './storage.ts'

export interface Planted {
  readonly userIdentifier: string
  readonly words: readonly string[]
  /** A word that an agent wrote to them. */
  readonly agentsWord: string
  /** A word that was replaced by an edit: only the database's files may have it. */
  readonly replaced: string
  /** The bytes of this one are to be put into the store. */
  readonly fileId: FileId
  readonly conversationId: ConversationId
}

/** `mark`: begins each word. At least `count` words are planted. `agentId`: of an account that exists. */
export async function plantPerson(
  storage: Storage,
  {
    mark,
    count = 60,
    agentId,
    at,
  }: { readonly mark: string; readonly count?: number; readonly agentId: AgentId; readonly at: number },
): Promise<Planted> {
  const words: string[] = []
  const replaced = `${mark}replaced${randomUUID().slice(0, 8)}`
  const agentsWord = `spoken${randomUUID()}`
  const word = () => {
    const made = `${mark}${words.length}${randomUUID().slice(0, 8)}`
    words.push(made)
    return made
  }
  const userIdentifier = word()
  const anonymous = await storage.sessions.createAnonymous({ app: SHOP, secretHash: newSecretHash(), at })
  const conversationId = anonymous.conversationId
  const append = async (request: AppendRequest) => stored(await storage.messages.append({ ...request, at }))

  const fileId = randomUUID() as string as FileId
  const facts = { name: `${word()}.png`, mediaType: 'image/png', size: 8 }
  await storage.files.begin(
    {
      id: fileId,
      app: SHOP,
      uploader: ownerOf(anonymous),
      name: facts.name,
      size: 8,
      ticketHash: null,
      ticketExpiresAt: null,
      at,
    },
    { ofUploader: null, totalBytes: 1_000_000 },
  )
  await storage.files.settle(fileId, facts)
  const body = { kind: 'file', text: `File: ${facts.name}`, file: { id: fileId, ...facts } } as const
  await append(visitorText(anonymous, '', { body }))
  const trace = (key: string) => ({
    ...({
      key,
      source: 'device',
      tab: word(),
      ordinal: 1,
      at,
      deviceAt: at,
      from: 'anonymous',
      to: 'authenticating',
    } as const),
    ...{ cause: 'user-set', code: null },
  })
  await storage.identityTraces.add(conversationId, [trace(word())])

  const { session } = await storage.sessions.identify({
    ...{ sessionId: anonymous.id, app: SHOP, userIdentifier, contextExpiresAt: null, merge: true, at },
    claims: [{ label: 'Plan', value: word(), verified: true }],
    newSecretHash: newSecretHash(),
  })
  const text = () => `${word()} ${'and so on '.repeat(Math.floor(Math.random() * 20))}`
  await append(
    textFrom({ kind: 'agent', id: agentId, name: 'Grace' }, conversationId, `${agentsWord} I can help`, {
      takeOver: true,
    }),
  )
  await append(textFrom({ kind: 'bot' }, conversationId, text(), { mailAfterMs: () => 60_000 }))
  await append(loginCard(conversationId, { kind: 'action', name: 'orders', params: { order: word() } }))
  const edited = await append(textFrom({ kind: 'bot' }, conversationId, replaced))
  await append(
    textFrom({ kind: 'system' }, conversationId, '', {
      body: eventContent({ type: 'edited', of: edited.message.seq, body: { kind: 'text', text: word() } }),
    }),
  )
  await storage.actionRuns.begin({
    ...{
      id: randomUUID() as string as ActionRunId,
      conversationId,
      agentId,
      name: 'orders',
      params: { order: word() },
      at,
    },
  })
  // In the conversation that the session has reserved and not begun.
  const reserved = await storage.sessions.reserveConversation(session.id)
  await storage.identityTraces.add(reserved, [trace(word())])
  await storage.authenticationRequests.create(
    newRequest({
      addressee: { kind: 'email', email: `${word().toLowerCase()}@example.com` },
      claims: { applicationTitle: 'My App', userName: word(), userIp: null, userOrigin: word() },
      ...{ conversationId, createdAt: at, expiresAt: at + 900_000 },
    }),
  )
  await storage.jobs.add([
    botJob(
      { id: conversationId, app: SHOP },
      { kind: 'action-result', name: 'orders', ok: true, status: 200, body: { name: word() } },
      at,
    ),
    unreadMailJob({
      ...{ key: randomUUID(), conversationId, seq: 1, dueAt: at + 86_400_000, createdAt: at },
    }),
  ])
  const writer = ownerOf(session)
  while (words.length < count)
    await append({
      ...visitorText(session, text(), { clientId: newClientId(), conversationId }),
      as: { app: SHOP, owner: writer },
    })
  return { userIdentifier, words, agentsWord, replaced, fileId, conversationId }
}

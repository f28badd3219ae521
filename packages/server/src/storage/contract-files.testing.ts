/** The contract of files. */
import { randomUUID } from 'node:crypto'
import type { AgentId, FileId } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import {
  type Fixture,
  newSecretHash,
  ownerOf,
  SHOP,
  START,
  textFrom,
  visitorText,
} from './contract-fixture.testing.ts'
import type { FileFacts, FileQuota, Uploader } from './file-storage.ts'
import type { AppendRequest, SessionRecord } from './storage.ts'

const DAY = 24 * 3_600_000
const QUOTA: FileQuota = { ofUploader: { since: START - DAY, files: 3, bytes: 100 }, totalBytes: 1_000 }
const FACTS: FileFacts = { name: 'tent.png', mediaType: 'image/png', size: 8, width: 2, height: 1 }

const newFileId = () => randomUUID() as string as FileId
const fileBody = (id: FileId): AppendRequest['body'] => ({
  kind: 'file',
  text: 'File: tent.png (8 bytes)',
  file: { id, ...FACTS },
})

export function fileContract(fixture: Fixture): void {
  const files = () => fixture.storage.files
  async function begin(uploader: Uploader, size = 10, quota = QUOTA, at = START) {
    const id = newFileId()
    const begun = await files().begin(
      { id, app: SHOP, uploader, name: 'tent', size, ticketHash: 'hash', ticketExpiresAt: at + 1_000, at },
      quota,
    )
    return { id, begun }
  }
  async function storedBy(uploader: Uploader) {
    const { id } = await begin(uploader)
    await files().settle(id, FACTS)
    return id
  }
  const anonymous = () =>
    fixture.storage.sessions.createAnonymous({ app: SHOP, secretHash: newSecretHash(), at: START })
  const send = (session: SessionRecord, id: FileId, changes: Partial<AppendRequest> = {}) =>
    fixture.storage.messages.append(visitorText(session, '', { body: fileBody(id), ...changes }))

  it('[FI1] a file is as announced until it is stored, and then as it was found', async () => {
    const uploader = ownerOf(await anonymous())
    const { id } = await begin(uploader)
    const announced = { id, app: SHOP, uploader, name: 'tent', size: 10, createdAt: START }
    const ticket = { ticketHash: 'hash', ticketExpiresAt: START + 1_000 }
    expect(await files().find(id)).toEqual({ ...announced, ...ticket, state: 'uploading', facts: null })
    await files().setTicket(id, 'other', START + 2_000)
    await files().settle(id, FACTS)
    await files().settle(id, 'refused')
    expect(await files().find(id)).toMatchObject({
      state: 'stored',
      facts: FACTS,
      ticketHash: 'other',
      ticketExpiresAt: START + 2_000,
    })
  })

  it('[FI1] a file is sent once, in the transaction of its message', async () => {
    const session = await anonymous()
    const id = await storedBy(ownerOf(session))
    expect(await files().findSent(id)).toBeNull()
    const request = visitorText(session, '', { body: fileBody(id) })
    const [first, again, twice] = await Promise.all([
      fixture.storage.messages.append(request),
      fixture.storage.messages.append(request),
      send(session, id),
    ])
    expect(first).toMatchObject({
      ok: true,
      created: true,
      message: { kind: 'file', file: { id, ...FACTS } },
    })
    expect(again).toMatchObject({ ok: true, created: false })
    expect(twice).toEqual({ ok: false, code: 'bad-request', problem: 'file.id: was sent before' })
    expect(await send(session, id)).toEqual(twice)
    expect(await files().findSent(id)).toMatchObject({ file: { id }, conversationId: session.conversationId })
    expect(await files().ofConversation(session.conversationId)).toEqual([id])
  })

  it('[FI1] one that is not stored, was refused or is unknown is not sent', async () => {
    const session = await anonymous()
    const { id } = await begin(ownerOf(session))
    expect(await send(session, id)).toMatchObject({ ok: false, code: 'bad-request' })
    await files().settle(id, 'refused')
    expect(await send(session, id)).toMatchObject({ ok: false, code: 'bad-request' })
    expect(await send(session, newFileId())).toMatchObject({ ok: false, code: 'bad-request' })
  })

  it('[FI1] a file is its uploader’s, and follows a visitor who signs in', async () => {
    const [session, other] = [await anonymous(), await anonymous()]
    const id = await storedBy(ownerOf(session))
    const isOf = async (uploader: Uploader) => (await files().findOwn(id, uploader)) !== null
    const identified = (merge: boolean, of: SessionRecord) =>
      fixture.storage.sessions.identify({
        ...{ sessionId: of.id, app: SHOP, userIdentifier: randomUUID(), contextExpiresAt: null, merge },
        ...{ claims: [], newSecretHash: newSecretHash(), at: START },
      })
    expect(await isOf(ownerOf(session))).toBe(true)
    expect(await isOf(ownerOf(other))).toBe(false)
    expect(
      await isOf({ kind: 'agent', id: ownerOf(session).id as never, conversationId: session.conversationId }),
    ).toBe(false)
    const apart = await identified(false, session)
    expect(await isOf(ownerOf(apart.session))).toBe(false)
    const merged = await identified(true, session)
    expect(await isOf(ownerOf(merged.session))).toBe(true)
    const stranger = await identified(true, other)
    expect(await isOf(ownerOf(stranger.session))).toBe(false)
  })

  it('[FI1] an agent’s file, and an app’s, are of one conversation', async () => {
    const [session, other] = [await anonymous(), await anonymous()]
    const { conversationId } = session
    const agent = { kind: 'agent', id: randomUUID() as string as AgentId } as const
    const [agents, apps] = [
      await storedBy({ ...agent, conversationId }),
      await storedBy({ kind: 'app', conversationId }),
    ]
    const elsewhere = other.conversationId
    expect(await files().findOwn(agents, { ...agent, conversationId })).not.toBeNull()
    expect(await files().findOwn(agents, { ...agent, conversationId: elsewhere })).toBeNull()
    expect(await files().findOwn(agents, { kind: 'app', conversationId })).toBeNull()
    expect(await files().findOwn(apps, { kind: 'app', conversationId })).not.toBeNull()
    expect(await files().findOwn(apps, { kind: 'app', conversationId: elsewhere })).toBeNull()
  })

  it('[FI3] number and bytes of an uploader, and bytes of an app, are bounded, also of many at once', async () => {
    const uploader = ownerOf(await anonymous())
    const begun = await Promise.all(Array.from({ length: 5 }, () => begin(uploader)))
    expect(begun.map((one) => one.begun).sort()).toEqual(['begun', 'begun', 'begun', 'too-many', 'too-many'])
    const next = ownerOf(await anonymous())
    expect((await begin(next, 101)).begun).toBe('too-many')
    expect((await begin(next, 100)).begun).toBe('begun')
    expect((await begin(next, 1)).begun).toBe('too-many')
    // The next day.
    const later = { ...QUOTA, ofUploader: { since: START + 1, files: 3, bytes: 100 } }
    expect((await begin(next, 100, later, START + DAY)).begun).toBe('begun')
    const free = { ...QUOTA, ofUploader: null }
    const conversationId = randomUUID() as never
    const apps = await Promise.all(
      Array.from({ length: 10 }, () => begin({ kind: 'app', conversationId }, 100, free)),
    )
    const full = apps.filter((one) => one.begun === 'full')
    expect(full).toHaveLength(3)
    // What is smaller than announced, refused or removed gives its room back.
    const [first, second, third] = apps.filter((one) => one.begun === 'begun')
    await files().settle(first!.id, { ...FACTS, size: 40 })
    await files().settle(second!.id, 'refused')
    await files().remove(third!.id)
    await files().remove(third!.id)
    expect((await begin({ kind: 'app', conversationId }, 331, free)).begun).toBe('full')
    expect((await begin({ kind: 'app', conversationId }, 330, free)).begun).toBe('begun')
  })

  it('[FI9] a walk finds what was never sent, what was deleted, and bytes that were left behind', async () => {
    const session = await anonymous()
    const owner = ownerOf(session)
    const { id: unsent } = await begin(owner)
    const sent = await storedBy(owner)
    await send(session, sent)
    const deleted = await storedBy({ kind: 'app', conversationId: session.conversationId })
    await fixture.storage.messages.append(
      textFrom({ kind: 'bot' }, session.conversationId, '', { body: fileBody(deleted) }),
    )
    const walk = async (unsentBefore: number, stagedBefore: number) => {
      const all = { over: new Set<FileId>(), staged: new Set<FileId>() }
      let after: FileId | null = null
      do {
        const step: Awaited<ReturnType<ReturnType<typeof files>['walk']>> = await files().walk({
          ...{ after, limit: 2, unsentBefore, stagedBefore },
        })
        for (const id of step.over) all.over.add(id)
        for (const id of step.staged) all.staged.add(id)
        after = step.next
      } while (after !== null)
      return all
    }
    const set = (...ids: readonly FileId[]) => new Set(ids)
    expect(await walk(START, START)).toEqual({ over: set(), staged: set() })
    expect(await walk(START + 1, START)).toEqual({ over: set(unsent), staged: set() })
    expect(await walk(START, START + 1)).toEqual({ over: set(), staged: set(sent, deleted) })
    await files().uploadRemoved(sent)
    const [, message] = await fixture.storage.messages.list({
      conversationId: session.conversationId,
      limit: 9,
    })
    const deletion = { type: 'deleted', of: message!.seq } as const
    await fixture.storage.messages.append(
      textFrom({ kind: 'system' }, session.conversationId, '', {
        body: { kind: 'event', text: 'A message was deleted.', event: deletion },
      }),
    )
    expect(await files().findSent(deleted)).toBeNull()
    expect(await walk(START, START + 1)).toEqual({ over: set(deleted), staged: set() })
    await files().remove(deleted)
    expect(await files().find(deleted)).toBeNull()
  })
}

/** The contract of sessions and of signing in. */
import { expect, it } from 'vitest'
import {
  type Fixture,
  newConversationId,
  newSecretHash,
  ownerOf,
  SHOP,
  START,
  stored,
  visitorText,
} from './contract-fixture.testing.ts'
import type { IdentifyRequest, IdentifyResult } from './storage.ts'

export function identityContract(fixture: Fixture): void {
  const times = (count: number) => Array.from({ length: count })
  const isLive = async (secretHash: string) => {
    const session = await fixture.storage.sessions.findBySecretHash(SHOP, secretHash)
    return session !== null && session.revokedAt === null
  }

  it('[ID1] finds an anonymous session by its secret’s hash, in its app only', async () => {
    const secretHash = newSecretHash()
    const session = await fixture.storage.sessions.createAnonymous({ app: SHOP, secretHash, at: START })
    expect(session).toMatchObject({ app: SHOP, user: null, contextExpiresAt: null, revokedAt: null })
    await fixture.reopen()
    expect(await fixture.storage.sessions.findBySecretHash(SHOP, secretHash)).toEqual(session)
    expect(await fixture.storage.sessions.findBySecretHash('bank' as typeof SHOP, secretHash)).toBeNull()
    expect(await fixture.storage.sessions.findBySecretHash(SHOP, 'other')).toBeNull()
  })

  it('[ID11] makes the anonymous conversations the user’s and the session a new one', async () => {
    const secretHash = newSecretHash()
    const { sessions, conversations } = fixture.storage
    const anonymous = await sessions.createAnonymous({ app: SHOP, secretHash, at: START })
    await fixture.append(visitorText(anonymous, 'one'))
    const second = { ...anonymous, conversationId: await sessions.reserveConversation(anonymous.id) }
    await fixture.append(visitorText(second, 'two'))
    const newHash = newSecretHash()
    const { session, mergedConversations } = await sessions.identify({
      sessionId: anonymous.id,
      app: SHOP,
      userIdentifier: 'ann',
      contextExpiresAt: START + 60_000,
      merge: true,
      claims: [],
      newSecretHash: newHash,
      at: START + 1,
    })
    expect(session).toMatchObject({
      user: { app: SHOP, userIdentifier: 'ann' },
      contextExpiresAt: START + 60_000,
      conversationId: second.conversationId,
      visitorId: anonymous.visitorId,
      revokedAt: null,
    })
    expect(session.id).not.toBe(anonymous.id)
    expect(new Set(mergedConversations)).toEqual(new Set([anonymous.conversationId, second.conversationId]))
    for (const id of mergedConversations) {
      expect(await conversations.find(id)).toMatchObject({
        owner: { kind: 'user', id: session.user?.id },
        userIdentifier: 'ann',
      })
    }
    expect((await conversations.current(session))?.id).toBe(second.conversationId)
    expect(await sessions.findBySecretHash(SHOP, newHash)).toEqual(session)
    expect((await sessions.findBySecretHash(SHOP, secretHash))?.revokedAt).toBe(START + 1)
    const details = {
      user: session.user?.id,
      session: session.id,
      from: 'anonymous',
      replaced: anonymous.id,
      mergedConversations,
      mergedCount: 2,
    }
    expect(await fixture.audits(SHOP)).toEqual([{ kind: 'identify', at: START + 1, details }])
  })

  it('[ID11] tells the newest 100 of the conversations that it merges', async () => {
    const anonymous = await fixture.anonymous()
    const ids = times(103).map(() => newConversationId())
    await Promise.all(
      ids.map((conversationId, index) => {
        const request = visitorText({ ...anonymous, conversationId }, 'one', { at: START + index })
        return fixture.append({ ...request, as: { ...request.as!, isAskedFor: true } })
      }),
    )
    const { session, mergedConversations } = await fixture.identify(anonymous.id, 'ann')
    expect(mergedConversations).toEqual(ids.slice(3).toReversed())
    const owner = { kind: 'user', id: session.user!.id } as const
    expect(await fixture.storage.conversations.idsOf(owner)).toHaveLength(103)
    expect(await fixture.audits(SHOP)).toMatchObject([{ details: { mergedConversations, mergedCount: 103 } }])
  })

  it('[ID11] merges once: again moves nothing, and the same place stays reserved', async () => {
    const anonymous = await fixture.anonymous()
    await fixture.append(visitorText(anonymous, 'one'))
    const first = await fixture.identify(anonymous.id, 'ann')
    expect(first.mergedConversations).toEqual([anonymous.conversationId])
    const again = await fixture.identify(anonymous.id, 'ann')
    expect(again.mergedConversations).toEqual([])
    expect(again.session.user).toEqual(first.session.user)
    expect(again.session.conversationId).toBe(anonymous.conversationId)
    expect(again.session.revokedAt).toBeNull()
    const replaced = await fixture.identify(first.session.id, 'ann')
    expect(replaced.mergedConversations).toEqual([])
    expect(replaced.session.conversationId).toBe(anonymous.conversationId)
  })

  it('[ID11] never takes over a conversation that has an owner', async () => {
    const anonymous = await fixture.anonymous()
    await fixture.append(visitorText(anonymous, 'one'))
    const stranger = await fixture.anonymous()
    await fixture.append(visitorText(stranger, 'of nobody that is known'))
    const ann = await fixture.identify(anonymous.id, 'ann')
    expect(ann.mergedConversations).toEqual([anonymous.conversationId])
    expect(await fixture.storage.conversations.find(stranger.conversationId)).toMatchObject({
      owner: { kind: 'visitor', id: stranger.visitorId },
    })
    const bob = await fixture.identify(anonymous.id, 'bob')
    expect(bob.mergedConversations).toEqual([])
    expect(bob.session.conversationId).not.toBe(anonymous.conversationId)
    expect(await fixture.storage.conversations.find(anonymous.conversationId)).toMatchObject({
      owner: { kind: 'user', id: ann.session.user?.id },
    })
    expect(await fixture.storage.conversations.current(bob.session)).toBeNull()
  })

  it('[ID11] with separate, leaves the anonymous session and its conversations as they are', async () => {
    const secretHash = newSecretHash()
    const anonymous = await fixture.storage.sessions.createAnonymous({ app: SHOP, secretHash, at: START })
    const before = await fixture.append(visitorText(anonymous, 'one'))
    const { session, mergedConversations } = await fixture.identify(anonymous.id, 'ann', { merge: false })
    expect(mergedConversations).toEqual([])
    expect(session.conversationId).not.toBe(anonymous.conversationId)
    expect(await fixture.storage.conversations.current(session)).toBeNull()
    expect(await isLive(secretHash)).toBe(true)
    expect(await fixture.storage.conversations.find(anonymous.conversationId)).toEqual(before.conversation)
    const replaced = await fixture.identify(session.id, 'ann')
    expect(replaced.mergedConversations).toEqual([])
  })

  it('[ID11] keeps the reserved conversation, so that a message queued before sign-in lands there', async () => {
    const anonymous = await fixture.anonymous()
    const { session } = await fixture.identify(anonymous.id, 'ann')
    expect(session.conversationId).toBe(anonymous.conversationId)
    const { conversation } = await fixture.append(visitorText(session, 'queued'))
    expect(conversation).toMatchObject({ id: anonymous.conversationId, userIdentifier: 'ann' })
  })

  it('[ID11] stores a message that crosses the sign-in, for the user, whichever comes first', async () => {
    for (const later of [false, true]) {
      const anonymous = await fixture.anonymous()
      const name = `ann-${later}`
      const send = () => fixture.storage.messages.append(visitorText(anonymous, 'crossing'))
      const [appended, { session }] = later
        ? await fixture.identify(anonymous.id, name).then(async (result) => [await send(), result] as const)
        : await Promise.all([send(), fixture.identify(anonymous.id, name)])
      expect(stored(appended).message.seq).toBe(1)
      const next = await fixture.append(visitorText(session, 'after'))
      expect(next.message.seq).toBe(2)
      expect(next.conversation.owner).toEqual({ kind: 'user', id: session.user?.id })
    }
  })

  it('[ID11] is safe when tabs sign in at once: one user, conversations moved once', async () => {
    const anonymous = await fixture.anonymous()
    await fixture.append(visitorText(anonymous, 'one'))
    const results = await Promise.all(times(10).map(() => fixture.identify(anonymous.id, 'ann')))
    expect(new Set(results.map(({ session }) => session.user?.id)).size).toBe(1)
    expect(new Set(results.map(({ session }) => session.id)).size).toBe(10)
    expect(results.flatMap(({ mergedConversations }) => mergedConversations)).toEqual([
      anonymous.conversationId,
    ])
    for (const { session } of results) {
      expect(session.conversationId).toBe(anonymous.conversationId)
      expect((await fixture.storage.conversations.current(session))?.id).toBe(anonymous.conversationId)
    }
  })

  it('[ID11] gives an anonymous conversation to one of two users who claim it at once', async () => {
    const anonymous = await fixture.anonymous()
    await fixture.append(visitorText(anonymous, 'one'))
    const results = await Promise.all(['ann', 'bob'].map((name) => fixture.identify(anonymous.id, name)))
    const winners = results.filter(({ mergedConversations }) => mergedConversations.length > 0)
    expect(winners).toHaveLength(1)
    expect(await fixture.storage.conversations.find(anonymous.conversationId)).toMatchObject({
      owner: { kind: 'user', id: winners[0]?.session.user?.id },
    })
  })

  it('[ID12] carries nothing from one user’s session to another user, and ends it', async () => {
    const secretHash = newSecretHash()
    const request = { app: SHOP, contextExpiresAt: null, merge: true, claims: [], at: START }
    const ann = await fixture.storage.sessions.identify({
      ...request,
      sessionId: null,
      userIdentifier: 'ann',
      newSecretHash: secretHash,
    })
    await fixture.append(visitorText(ann.session, 'private'))
    const bob = await fixture.identify(ann.session.id, 'bob')
    expect(bob.mergedConversations).toEqual([])
    expect(bob.session.conversationId).not.toBe(ann.session.conversationId)
    expect(bob.session.visitorId).not.toBe(ann.session.visitorId)
    expect(await isLive(secretHash)).toBe(false)
    expect(await fixture.storage.conversations.current(bob.session)).toBeNull()
  })

  it('takes a revoked, unknown or another app’s session for none', async () => {
    const revoked = await fixture.anonymous()
    await fixture.append(visitorText(revoked, 'one'))
    await fixture.storage.sessions.revoke(revoked.id, START)
    const foreign = await fixture.storage.sessions.createAnonymous({
      app: 'bank' as typeof SHOP,
      secretHash: newSecretHash(),
      at: START,
    })
    for (const { id, conversationId } of [revoked, foreign]) {
      const { session, mergedConversations } = await fixture.identify(id, 'ann')
      expect(mergedConversations).toEqual([])
      expect(session.conversationId).not.toBe(conversationId)
    }
    expect(await fixture.storage.conversations.find(revoked.conversationId)).toMatchObject({
      owner: { kind: 'visitor' },
    })
  })

  it('[ID9] keeps apart users whose identifiers differ in what a database cannot store', async () => {
    await expect(fixture.identify(null, 'ann\0')).rejects.toMatchObject({ code: 'bad-request' })
    await expect(fixture.identify(null, 'ann\ud83d')).rejects.toMatchObject({ code: 'bad-request' })
    const one = await fixture.identify(null, 'Ann')
    const other = await fixture.identify(null, 'ann')
    expect(one.session.user?.id).not.toBe(other.session.user?.id)
  })

  it('[ID10] renews the context of a live user session, of no other', async () => {
    const secretHash = newSecretHash()
    const { session } = await fixture.storage.sessions.identify({
      sessionId: null,
      app: SHOP,
      userIdentifier: 'ann',
      contextExpiresAt: START,
      merge: true,
      claims: [],
      newSecretHash: secretHash,
      at: START,
    })
    const expiry = async () =>
      (await fixture.storage.sessions.findBySecretHash(SHOP, secretHash))?.contextExpiresAt
    await fixture.renew(session.id, { contextExpiresAt: START + 60_000 })
    expect(await expiry()).toBe(START + 60_000)
    await fixture.storage.sessions.revoke(session.id, START)
    await fixture.renew(session.id, { contextExpiresAt: START + 90_000 })
    expect(await expiry()).toBe(START + 60_000)
  })

  const claim = (label: string, value: string, verified: boolean) => ({ label, value, verified })
  const NAME = claim('Name', 'Ann', true)
  const claimsOf = async ({ session }: IdentifyResult) => {
    const { id } = session.user!
    return (await fixture.storage.users.claims([id])).get(id)
  }

  it('[ID9] keeps a user’s claims as they were last told, with what was proven of them', async () => {
    const plan = claim('Plan', 'gold "☃" \u0000 <b>', false)
    const ann = await fixture.identify(null, 'ann', { claims: [NAME, plan] })
    const bob = await fixture.identify(null, 'bob')
    await fixture.reopen()
    const told = await fixture.storage.users.claims([ann.session.user!.id, bob.session.user!.id])
    expect([...told.values()]).toEqual(expect.arrayContaining([[NAME, plan], []]))
    expect(await claimsOf(ann)).toEqual([NAME, plan])
    await fixture.renew(ann.session.id, { claims: [plan] })
    expect(await claimsOf(ann)).toEqual([plan])
    await fixture.identify(null, 'ann')
    expect(await claimsOf(ann)).toEqual([])
    expect(await fixture.storage.users.claims([])).toEqual(new Map())
  })

  it('[ID9] says whether the claims changed, also where only the proof did', async () => {
    const renew = async (claims: IdentifyRequest['claims']) =>
      (await fixture.renew(first.session.id, { claims })).claimsChanged
    const first = await fixture.identify(null, 'ann')
    expect(first.claimsChanged).toBe(false)
    expect((await fixture.identify(null, 'ann', { claims: [NAME] })).claimsChanged).toBe(true)
    expect((await fixture.identify(null, 'ann', { claims: [{ ...NAME }] })).claimsChanged).toBe(false)
    expect(await renew([NAME])).toBe(false)
    expect(await renew([{ ...NAME, verified: false }])).toBe(true)
    expect(await renew([])).toBe(true)
  })

  it('[ID9] keeps the claims of one of those who tell them at once', async () => {
    const first = await fixture.identify(null, 'ann')
    const told = times(10).map((_, index) => [claim('Name', `${index}`, true)])
    await Promise.all(
      told.flatMap((claims) => [
        fixture.identify(null, 'ann', { claims }),
        fixture.renew(first.session.id, { claims }),
      ]),
    )
    expect(told).toContainEqual(await claimsOf(first))
  })

  it('[ID9] takes no claims from a session that is over or anonymous', async () => {
    const ann = await fixture.identify(null, 'ann', { claims: [NAME] })
    const anonymous = await fixture.anonymous()
    await fixture.storage.sessions.revoke(ann.session.id, START)
    for (const { id } of [ann.session, anonymous]) expect((await fixture.renew(id)).claimsChanged).toBe(false)
    expect(await claimsOf(ann)).toEqual([NAME])
  })

  it('[ID9] tells which conversations are a user’s', async () => {
    const ann = await fixture.identify(null, 'ann')
    const { conversation } = await fixture.append(visitorText(ann.session, 'one'))
    await fixture.append(visitorText(await fixture.anonymous(), 'another one'))
    expect(await fixture.storage.conversations.idsOf(ownerOf(ann.session))).toEqual([conversation.id])
  })

  it('[ID13] revokes one session or all of a user’s, and says which were live', async () => {
    const { sessions } = fixture.storage
    const [one, two, three] = await Promise.all(times(3).map(() => fixture.identify(null, 'ann')))
    const other = await fixture.identify(null, 'bob')
    expect(await sessions.revoke(one!.session.id, START)).toEqual([one!.session.id])
    expect(await sessions.revoke(one!.session.id, START)).toEqual([])
    const user = one!.session.user!.id
    expect(new Set(await sessions.revokeAllOfUser(user, START))).toEqual(
      new Set([two!.session.id, three!.session.id]),
    )
    expect(await sessions.revokeAllOfUser(user, START)).toEqual([])
    expect(await sessions.revoke(other.session.id, START)).toEqual([other.session.id])
    await expect(sessions.reserveConversation(other.session.id)).rejects.toMatchObject({
      code: 'session-invalid',
    })
  })
}

/** Entries of the server itself in one socket's identity trace, for the conversation the device shows ([ID17]). */
import type { ConversationId, IdentityTransition, WireError } from '@chat-widget/protocol'
import type { HeldSession } from '../identity/identity-service.ts'
import { ownerOf, sameOwner } from '../storage/records.ts'
import type { ConversationRecord, SessionRecord } from '../storage/storage.ts'
import type { VisitorServices } from './visitor-services.ts'

type Services = Pick<VisitorServices, 'storage' | 'history' | 'tracker' | 'logger'>

export type IdentityNotes = ReturnType<typeof createIdentityNotes>

export function createIdentityNotes(services: Services) {
  const { history, tracker, logger, storage } = services

  function note(
    held: HeldSession | null,
    shown: ConversationId | null,
    key: string,
    transition: IdentityTransition,
  ): void {
    // The end of an anonymous session is not the end of an identity.
    if (held === null || held.session.user === null) return
    const { session, secretHash } = held
    tracker.run(async () => {
      try {
        const find = async () =>
          // [PD2] Of an erased user nothing is noted any more.
          (await storage.sessions.findBySecretHash(session.app, secretHash)) === null
            ? null
            : heldConversation(storage, session, shown)
        await history.note(find, `${key}:${session.id}`, transition)
      } catch {
        logger.warn('a transition of an identity could not be kept')
      }
    })
  }

  return {
    signedOut: (held: HeldSession | null, shown: ConversationId | null, everywhere: boolean): void =>
      note(held, shown, 'ended', {
        from: 'signing-out',
        to: 'anonymous',
        cause: everywhere ? 'signed-out-everywhere' : 'signed-out',
      }),
    /** Notes that the session ended without the device asking for it. */
    ended: (held: HeldSession | null, shown: ConversationId | null, code: WireError['code']): void =>
      note(held, shown, 'ended', {
        from: 'identified',
        to: 'reauthentication-required',
        cause: code === 'context-mismatch' ? 'other-subject' : 'session-revoked',
        code,
      }),
    graceOver: (held: HeldSession, shown: ConversationId | null): void =>
      note(held, shown, `grace-over-${held.session.contextExpiresAt}`, {
        from: 'identified',
        to: 'refreshing',
        cause: 'grace-over',
        code: 'context-expired',
      }),
  }
}

/**
 * Finds the conversation that notes of a session's identity belong to: the one the device shows, else the one it would
 * show if its context had not ended. Resolves with `null` if that conversation has another owner by now.
 */
export async function heldConversation(
  storage: VisitorServices['storage'],
  session: SessionRecord,
  shown: ConversationId | null,
): Promise<ConversationId | null> {
  const record: ConversationRecord | null =
    shown === null ? await storage.conversations.current(session) : await storage.conversations.find(shown)
  if (record === null) return shown ?? session.conversationId
  return sameOwner(record.owner, ownerOf(session)) ? record.id : null
}

/** Expectations of one scenario: authors, holders of secrets, requested merges, and so the permitted readers. */
import type { Message } from '@chat-widget/protocol'

/** The identity that a device acts as. An anonymous visitor is one session, whichever tabs have its secret. */
export type Principal = `visitor:${string}` | `user:${string}`

export interface Secret {
  readonly token: string
  readonly principal: Principal
  /** `ended`: an answer said so. `unsure`: that answer was lost. */
  state: 'live' | 'unsure' | 'ended'
}

export interface Written {
  readonly conversationId: string
  readonly clientId: string
  readonly texts: Set<string>
  /** More than one if a send overlapped with a sign-in. */
  readonly authors: Set<Principal>
  acknowledged: Message | null
}

const keyOf = (conversationId: string, clientId: string) => `${conversationId} ${clientId}`
export const isUser = (principal: Principal) => principal.startsWith('user:')

export class Model {
  readonly violations: string[] = []
  /** Events, in the order in which the devices saw them. */
  readonly story: string[] = []
  readonly secrets: Secret[] = []
  readonly conversations = new Set<string>()
  readonly #written = new Map<string, Written>()
  /** Users that a holder of the visitor's secret asked to merge it into. */
  readonly #asked = new Map<Principal, Set<Principal>>()
  readonly #userReaders = new Map<string, Set<Principal>>()
  readonly #mergedBy = new Map<string, Principal>()
  /** By user: sign-outs everywhere that may be running, and those that were answered. */
  readonly #everywhere = new Map<Principal, { running: number; answered: number }>()

  get written(): readonly Written[] {
    return [...this.#written.values()]
  }

  broken(what: string): void {
    this.violations.push(what)
    this.story.push(`BROKEN ${what}`)
  }

  issued(token: string, principal: Principal): Secret {
    if (this.secrets.some((secret) => secret.token === token)) this.broken('a secret was issued twice')
    const secret: Secret = { token, principal, state: 'live' }
    this.secrets.push(secret)
    return secret
  }

  ended(secret: Secret | null): void {
    if (secret !== null) secret.state = 'ended'
  }

  /** The answer that would tell if it ended was lost. */
  unsure(secret: Secret | null): void {
    if (secret?.state === 'live') secret.state = 'unsure'
  }

  /** Begins a sign-out everywhere; call the result with the answer, `false` for a lost one. */
  signsOutEverywhere(users: readonly Principal[]): (answered: boolean) => void {
    const counts = users.map((user) => this.#everywhereOf(user))
    for (const count of counts) count.running += 1
    return (answered) => {
      if (!answered) return
      for (const count of counts) {
        count.running -= 1
        count.answered += 1
      }
      for (const secret of this.secrets) if (users.includes(secret.principal)) this.unsure(secret)
    }
  }

  /** Begins a sign-in; the result returns true if a sign-out everywhere may have ended it already. */
  signsIn(user: Principal): () => boolean {
    const count = this.#everywhereOf(user)
    const { answered } = count
    return () => count.running > 0 || count.answered > answered
  }

  #everywhereOf(user: Principal): { running: number; answered: number } {
    const count = this.#everywhere.get(user) ?? { running: 0, answered: 0 }
    this.#everywhere.set(user, count)
    return count
  }

  writes(conversationId: string, clientId: string, text: string, authors: readonly Principal[]): Written {
    const key = keyOf(conversationId, clientId)
    const written = this.#written.get(key) ?? {
      conversationId,
      clientId,
      texts: new Set(),
      authors: new Set(),
      acknowledged: null,
    }
    this.#written.set(key, written)
    written.texts.add(text)
    for (const author of authors) written.authors.add(author)
    return written
  }

  /** [DL2] All answers to one client id are the same, and for one body only: that of the first send. */
  acknowledges(written: Written, sent: Message, text: string): void {
    const { acknowledged, clientId } = written
    written.acknowledged = { ...sent, text }
    if (acknowledged === null) return
    if (acknowledged.seq !== sent.seq || acknowledged.id !== sent.id)
      this.broken(`[DL2] client id ${clientId} was given seq ${acknowledged.seq} and ${sent.seq}`)
    if (acknowledged.text !== text)
      this.broken(`[DL2] client id ${clientId} was taken again with another body`)
  }

  asksToMerge(visitor: Principal, user: Principal): void {
    this.#asked.set(visitor, (this.#asked.get(visitor) ?? new Set()).add(user))
  }

  /** [ID11] One way and once: a conversation is in one receipt at most. */
  merges(conversationId: string, user: Principal): void {
    const before = this.#mergedBy.get(conversationId)
    if (before !== undefined) this.broken(`[ID11] ${conversationId} was merged into ${before}, then ${user}`)
    this.#mergedBy.set(conversationId, user)
    this.#shownTo(conversationId, user)
  }

  /** True if `reader` may see a message of `author`. */
  #mayRead(reader: Principal, author: Principal): boolean {
    return reader === author || (this.#asked.get(author)?.has(reader) ?? false)
  }

  isPlausibleOwner(owner: Principal, { authors }: Written): boolean {
    return [...authors].some((author) => this.#mayRead(owner, author))
  }

  /**
   * A device got a message. `readers`: identities that it may have acted as at that moment; several while a sign-in
   * ran.
   */
  reads(readers: readonly Principal[], message: Message, how: string): void {
    const { conversationId, clientId, text } = message
    const written = this.#written.get(keyOf(conversationId, clientId))
    if (written === undefined || !written.texts.has(text)) {
      this.broken(`${how}: a message nobody wrote, ${JSON.stringify(message)}`)
      return
    }
    if (!readers.some((reader) => this.isPlausibleOwner(reader, written))) {
      const authors = [...written.authors].join(' or ')
      this.broken(`${how}: ${readers.join(' or ') || 'a device that is nobody'} read "${text}" of ${authors}`)
    }
    this.sees(readers, conversationId)
  }

  /** A conversation with messages was shown: to one user at most, for good. */
  sees(readers: readonly Principal[], conversationId: string): void {
    const [reader] = readers
    if (readers.length === 1 && reader !== undefined) this.#shownTo(conversationId, reader)
  }

  #shownTo(conversationId: string, reader: Principal): void {
    if (!isUser(reader)) return
    const users = (this.#userReaders.get(conversationId) ?? new Set()).add(reader)
    this.#userReaders.set(conversationId, users)
    if (users.size > 1) this.broken(`[ID11] ${conversationId} was shown to ${[...users].join(' and ')}`)
  }
}

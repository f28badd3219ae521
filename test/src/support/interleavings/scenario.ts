/** One scenario on the server, with users and visitors of its own, so that scenarios do not affect each other. */
import { randomUUID } from 'node:crypto'
import type { Authenticated, Conversation, FetchedMessages, Message } from '@chat-widget/protocol'
import type { ChatServer } from '@chat-widget/server'
import { mintToken } from '../shop.ts'
import { isUser, Model, type Principal, type Secret } from './model.ts'
import type { Action } from './steps.ts'
import { principalOf, Tab } from './tab.ts'
import type { Tally } from './tally.ts'

export interface User {
  readonly userIdentifier: string
  readonly principal: Principal
  readonly token: string
}

const at = <Value>(list: readonly Value[], place: number): Value | undefined => list[place % list.length]

/** Connections that may break in a row before the server answers one. */
const MOST_TRIES = 10

export class Scenario {
  readonly model = new Model()
  readonly tabs: Tab[] = []
  readonly users: readonly User[]
  readonly server: ChatServer
  readonly url: string
  readonly #tally: Tally
  #tabs = 0

  private constructor(server: ChatServer, tally: Tally, users: readonly User[]) {
    this.server = server
    this.url = server.address ?? ''
    this.#tally = tally
    this.users = users
  }

  static async begin(server: ChatServer, tally: Tally): Promise<Scenario> {
    return new Scenario(server, tally, await Promise.all(['ada', 'bob'].map(makeUser)))
  }

  /** Resolves with the tab once it is ready, or with `null` if it was refused. */
  async open(intent: 'anonymous' | 'identify', secret: Secret | null = null): Promise<Tab | null> {
    const tab = await this.#connect(intent, secret)
    return tab === 'lost' ? null : tab
  }

  /** As `open`; connects again where the network broke before an answer, as it may on a busy machine. */
  async reopen(secret: Secret): Promise<Tab | null> {
    for (let tries = 1; ; tries += 1) {
      const tab = await this.#connect('anonymous', secret)
      if (tab !== 'lost') return tab
      if (tries === MOST_TRIES) throw new Error('the server cannot be reached')
    }
  }

  async #connect(intent: 'anonymous' | 'identify', secret: Secret | null): Promise<Tab | null | 'lost'> {
    const { model } = this
    const hadEnded = secret?.state === 'ended'
    this.#tabs += 1
    const tab = new Tab(this.url, model, `tab ${this.#tabs}`, intent, secret)
    const refusal = await tab.connected((ready) => {
      const principal = principalOf(ready.identity)
      if (hadEnded) model.broken(`[ID11] a secret of ${secret?.principal} that had ended was let in`)
      if (secret !== null && secret.principal !== principal)
        model.broken(`a secret of ${secret.principal} made ${principal}`)
      if (ready.session !== undefined && principal !== null) {
        if (model.secrets.some((other) => other.principal === principal))
          model.broken(`a new device was made ${principal}, who exists`)
        tab.secret = model.issued(ready.session.token, principal)
      }
      tab.principal = principal
      this.tabs.push(tab)
      if (ready.conversation !== null) tab.shows(ready.conversation, tab.actsFor())
    })
    if (refusal === null) return tab
    if (refusal !== 'cut') {
      this.#tally.refused += 1
      if (refusal.code !== 'session-invalid') model.broken(`${tab.name} was refused: ${refusal.code}`)
      if (secret?.state === 'live') model.unsure(secret)
    }
    const { isLost } = tab
    tab.close()
    return isLost ? 'lost' : null
  }

  async do(action: Action): Promise<void> {
    if (action.kind === 'connect') return void (await this.open(action.intent))
    if (action.kind === 'replay') {
      const secret = at(this.model.secrets, action.secret)
      if (secret?.state === 'ended') this.#tally.replayed += 1
      return void (secret && (await this.open('anonymous', secret)))
    }
    const tab = at(
      this.tabs.filter(({ isGone }) => !isGone),
      action.tab,
    )
    if (tab === undefined) return
    switch (action.kind) {
      case 'second-tab':
        return void (tab.secret && (await this.open('anonymous', tab.secret)))
      case 'send':
        return this.#send(tab, tab.conversationId)
      case 'send-into':
        return this.#send(tab, at([...this.model.conversations], action.conversation) ?? null)
      case 'retry': {
        const written = at(this.model.written, action.message)
        if (written === undefined) return
        const [text = ''] = written.texts
        this.#tally.retried += 1
        return this.#send(
          tab,
          written.conversationId,
          written.clientId,
          action.changed ? `${text}, no` : text,
        )
      }
      case 'sign-in':
        return this.signIn(tab, at(this.users, action.user)!, action.merge)
      case 'forge':
        return this.#forge(tab, at(this.users, action.user)!, at(this.users, action.user + 1)!)
      case 'sign-out':
        return this.#signOut(tab, action.everywhere)
      case 'fetch':
        return void (await this.fetch(tab, at([...this.model.conversations], action.conversation)))
      case 'start':
        return this.#start(tab)
      case 'drop':
        return tab.close()
      default:
        return action satisfies never
    }
  }

  async #send(
    tab: Tab,
    conversationId: string | null,
    clientId: string = randomUUID(),
    text: string = `${tab.principal} in ${tab.name}: ${clientId.slice(0, 8)}`,
  ): Promise<void> {
    if (conversationId === null) return
    const authors = tab.actsFor()
    const written = this.model.writes(conversationId, clientId, text, authors)
    await tab.ask<Message>('message:send', { conversationId, clientId, text }, (result) => {
      if (result?.ok !== true) return
      this.#tally.sent += 1
      if (authors.length === 0) this.model.broken(`${tab.name} sent though its session had ended`)
      this.model.acknowledges(written, result.value, text)
    })
  }

  signIn(tab: Tab, user: User, merge: boolean): Promise<void> {
    const { model } = this
    const { principal } = user
    const before = tab.actsFor()
    for (const visitor of before) if (merge && !isUser(visitor)) model.asksToMerge(visitor, principal)
    const mayHaveEnded = model.signsIn(principal)
    tab.becoming.push(principal)
    return tab.ask<Authenticated>('identity:authenticate', authentication(user, user, merge), (result) => {
      tab.becoming.splice(tab.becoming.indexOf(principal), 1)
      if (result === null) return model.unsure(tab.secret)
      if (!result.ok) return this.#refusedContext(tab)
      const { identity, session, receipt, conversation } = result.value
      if (principalOf(identity) !== principal)
        model.broken(`${principal} was signed in as ${principalOf(identity)}`)
      if (session !== undefined) {
        if (merge) model.ended(tab.secret)
        tab.secret = model.issued(session.token, principal)
        if (mayHaveEnded()) model.unsure(tab.secret)
        this.#tally.signedIn += 1
      }
      tab.principal = principal
      for (const id of receipt?.mergedConversations ?? []) {
        this.#tally.merged += 1
        if (!merge) model.broken(`[ID11] ${id} was merged though "separate" was asked for`)
        model.merges(id, principal)
      }
      tab.shows(conversation, tab.actsFor())
    })
  }

  #forge(tab: Tab, claimed: User, actual: User): Promise<void> {
    tab.forging += 1
    return tab.ask('identity:authenticate', authentication(claimed, actual, true), (result) => {
      tab.forging -= 1
      if (result === null) return this.model.unsure(tab.secret)
      this.#tally.forged += 1
      if (result.ok) return this.model.broken(`[ID9] ${actual.principal} became ${claimed.principal}`)
      this.#refusedContext(tab)
    })
  }

  /** [ID10] A user's session does not survive a context for another user; an anonymous one stays as it was. */
  #refusedContext(tab: Tab): void {
    if (tab.principal === null || !isUser(tab.principal)) return
    this.model.ended(tab.secret)
    tab.principal = null
  }

  async #signOut(tab: Tab, everywhere: boolean): Promise<void> {
    const { model } = this
    const mayBe = tab.actsFor()
    const [user] = mayBe
    const certain = tab.forging === 0 && mayBe.length === 1 && user !== undefined && isUser(user)
    const others = model.secrets.filter(({ principal }) => everywhere && certain && principal === user)
    const answered = model.signsOutEverywhere(everywhere ? mayBe.filter(isUser) : [])
    tab.signingOut = true
    await tab.ask<null>('identity:sign-out', { everywhere }, (result) => {
      answered(result?.ok === true)
      if (result?.ok !== true) {
        for (const secret of [tab.secret, ...others]) model.unsure(secret)
        return
      }
      this.#tally.signedOut += 1
      for (const secret of [tab.secret, ...others]) model.ended(secret)
      tab.principal = null
    })
  }

  /** Resolves with the fetched messages, or with `null` if refused. */
  async fetch(tab: Tab, conversationId: string | undefined): Promise<FetchedMessages | null> {
    if (conversationId === undefined) return null
    const readers = tab.actsFor()
    let fetched: FetchedMessages | null = null
    await tab.ask<FetchedMessages>('messages:fetch', { conversationId, limit: 200 }, (result) => {
      if (result?.ok !== true) return
      if (readers.length === 0) this.model.broken(`${tab.name} fetched though its session had ended`)
      fetched = result.value
      this.#tally.fetched += result.value.messages.length
      for (const message of result.value.messages) this.model.reads(readers, message, `${tab.name} fetched`)
    })
    return fetched
  }

  #start(tab: Tab): Promise<void> {
    const readers = tab.actsFor()
    return tab.ask<Conversation>('conversation:start', {}, (result) => {
      if (result?.ok === true) tab.shows(result.value, readers)
    })
  }
}

async function makeUser(name: string): Promise<User> {
  const userIdentifier = `${name}-${randomUUID()}`
  return { userIdentifier, principal: `user:${userIdentifier}`, token: await mintToken(userIdentifier) }
}

function authentication(claimed: User, actual: User, merge: boolean): object {
  return {
    userIdentifier: claimed.userIdentifier,
    context: { Auth: { Token: actual.token } },
    mergePolicy: merge ? 'merge' : 'separate',
  }
}

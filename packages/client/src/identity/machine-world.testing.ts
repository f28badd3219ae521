/** A world around the identity's machine, driven by numbers: possible next events, and forbidden results. */

import { isDeepStrictEqual } from 'node:util'
import { type Authenticated, ChatError, type ErrorCode, type WireIdentity } from '@chat-widget/protocol'
import type { ChatUser, IdentityState } from '../chat-state.ts'
import type { Reply } from '../connection/event-maps.ts'
import { authenticated } from './identity.testing.ts'
import { step } from './machine.ts'
import { ADA, ADA_ANEW, USERS } from './machine-people.testing.ts'
import { attemptOf, stepSigned } from './signed.ts'
import { createSignedInVisitor, isSessionOf, type SignedInVisitor } from './signed-in-visitor.ts'
import {
  type Effect,
  type Event,
  identityOf,
  isSigned,
  ownerOf,
  START,
  type State,
  secretOf,
  userOf,
  wantedOf,
} from './states.ts'

type EffectOf<Type extends Effect['type']> = Extract<Effect, { type: Type }>
/** Effects without an outcome yet. */
type Pending = EffectOf<'take-turn' | 'ask-tabs' | 'call-provider' | 'wait' | 'authenticate' | 'finish'>

const REFUSALS: readonly ErrorCode[] = [
  'context-expired',
  'context-invalid',
  'context-mismatch',
  'server-unreachable',
  'session-invalid',
  'rate-limited',
]
const SIGN_IN_EFFECTS: ReadonlySet<Effect['type']> = new Set([
  'call-provider',
  'authenticate',
  'ask-tabs',
  'take-turn',
])
const HOUR = 3_600_000
/** A fate: the provider returns a token that it may have returned before. */
const AN_OLD_TOKEN = 4

export class World {
  state: State = START
  /** Counts of each event, over all worlds: a test that never gets there proves nothing. */
  readonly tally: Map<string, number>
  #pending: Pending[] = []
  #told: IdentityState = { status: 'anonymous' }
  #now = HOUR
  #count = 0
  /** The attempt whose turn it is. */
  #turn: number | null = null
  /** The provider call whose answer is pending. */
  #call: number | null = null
  readonly #calls = new Map<number, number>()
  #isLoaded = false
  #isScheduled = false
  /** The context that was renewed ahead of its end. */
  #renewed: string | null = null
  /** True if the host has set the user, or another tab ended the wait for the host. */
  #isAsked = false
  #isFinishing = false

  constructor(tally: Map<string, number>) {
    this.tally = tally
  }

  /** Makes one thing happen, or nothing, chosen by `seed`. */
  move(seed: number): void {
    this.#count += 1
    this.#now += 1_000
    // Calm now and then, else hardly any user would be signed in.
    const isCalm = seed % 64 > 60
    const event = isCalm ? null : this.#next(seed)
    if (event !== null) this.#happen(event)
    if (isCalm) this.calmDown(seed % 128 > 64 ? AN_OLD_TOKEN : 0)
  }

  #next(seed: number): Event | null {
    const dice = Math.floor(seed / 64)
    const pick = <Value>(values: readonly Value[]) => values[dice % values.length] as Value
    const now = this.#now
    const same = wantedOf(this.state) ?? ADA
    const share = seed % 64
    if (share < 30) return this.#outcome(dice % this.#pending.length, Math.floor(dice / 64))
    if (share < 36) return this.#ready(pick([0, 0, 0, 0, 1, 2, 3]))
    if (share < 41) {
      const user = pick([same, same, same, same, ADA_ANEW, ...USERS])
      return { type: 'set', user, afresh: dice % 3 === 0 }
    }
    if (share < 45) return this.#isScheduled ? { type: 'renewal-due' } : null
    if (share < 48) return { type: 'disconnected' }
    if (share < 51) {
      const cause = pick(['expired', 'action', 'lost'] as const)
      return { type: 'context-needed', refresh: cause !== 'lost', cause, now }
    }
    if (share < 54) return this.#share(dice % 2 === 0, dice % 3 > 0, now)
    switch (share) {
      case 54:
        return { type: 'set', user: null, afresh: false }
      case 55:
        return { type: 'logout', everywhere: dice % 2 === 0 }
      case 56:
        return { type: 'left-elsewhere', departure: `departure ${this.#count}` }
      case 57:
        return { type: 'recalled', user: this.#visitor() }
      case 58:
        return { type: 'session-ended', error: { code: 'session-invalid', message: '' } }
      case 59:
        return { type: 'failed-elsewhere', error: new ChatError('provider-failed', '') }
      default:
        if (this.#isLoaded) return { type: 'begin', now }
        // Loaded in the end, or not this time.
        this.#isLoaded = dice % 4 > 0
        if (this.#isLoaded) return { type: 'begin', now }
        return { type: 'load-failed', error: new ChatError('load-failed', '') }
    }
  }

  #visitor(): SignedInVisitor {
    const session = `secret of email:ada ${this.#count}`
    return createSignedInVisitor({ userIdentifier: 'ada', method: 'email' }, { session })
  }

  /** From here on all goes well: server and host answer. */
  calmDown(fate = 0): void {
    this.#isLoaded = true
    this.#begin()
    for (let round = 0; round < 60; round += 1) {
      const event = this.state.wire === null ? this.#ready(0) : this.#outcome(0, fate)
      if (event === null) return
      this.#happen(event)
    }
    throw new Error(`[ID2] comes to no end: ${JSON.stringify(this.state)}`)
  }

  /** 0: as the secret's user; 1: nobody; 2: another user; 3: with a context that has ended. */
  #ready(as: number): Event {
    const user = userOf(this.state)
    const isKnown = user !== null && secretOf(this.state) !== undefined && as !== 1
    const { method } = (user ?? {}) as { method?: 'email' }
    const expiresAt = as === 3 ? this.#now - 1 : this.#now + HOUR
    const userIdentifier = as === 2 ? 'eve' : (user?.userIdentifier ?? '')
    const identity: WireIdentity = isKnown
      ? { status: 'identified', userIdentifier, expiresAt, ...(method && { method }) }
      : { status: 'unidentified' }
    return { type: 'ready', identity, now: this.#now }
  }

  #share(isNew: boolean, isRenewable: boolean, now: number): Event | null {
    const user = userOf(this.state)
    if (user === null) return null
    const held = secretOf(this.state)
    const session = isNew || held === undefined ? this.#secretOf(user) : held
    const told = { session, expiresAt: now + HOUR, authenticatedAt: now, isRenewable }
    if (this.state.status === 'reauthentication-required') this.#isAsked = true
    return { type: 'shared', session: told, now }
  }

  readonly #secretOf = (user: ChatUser) => `secret of ${ownerOf(user)} ${this.#count}`

  /** Outcome of a pending effect. `fate` 0: all goes well. */
  #outcome(index: number, fate: number): Event | null {
    const [effect] = this.#pending.splice(index || 0, 1)
    if (effect === undefined) return null
    switch (effect.type) {
      case 'take-turn':
        return { type: 'turn-taken', id: effect.id }
      case 'ask-tabs':
        return { type: 'tabs-asked', id: effect.id, isFollowing: fate % 8 === 3 }
      case 'wait':
        return { type: 'waited', id: effect.id }
      case 'call-provider': {
        const { id, user } = effect
        if (this.#call === id) this.#call = null
        if (fate % 6 === 1)
          return { type: 'provider-failed', id, error: new ChatError('provider-failed', '') }
        // The same token now and then.
        const token = fate % 6 > 3 ? 0 : this.#count
        return { type: 'provided', id, context: { of: ownerOf(user), token } }
      }
      case 'authenticate': {
        const { id, user, context } = effect
        return { type: 'answered', id, context, reply: this.#answer(user, fate) }
      }
      case 'finish':
        return { type: 'gone', isLast: false }
      default:
        return effect satisfies never
    }
  }

  #answer(user: ChatUser, fate: number): Reply<Authenticated> {
    const code = fate % 4 === 1 ? REFUSALS[Math.floor(fate / 4) % REFUSALS.length] : undefined
    if (code !== undefined) return { ok: false, error: { code, message: '' } }
    const userIdentifier = fate % 16 === 2 ? 'eve' : user.userIdentifier
    const serverTime = this.#now
    const reply = authenticated({
      userIdentifier,
      serverTime,
      expiresAt: serverTime + HOUR,
      token: this.#secretOf(user),
    })
    const { value } = reply
    const { method } = user as { method?: 'email' }
    return { ok: true, value: { ...value, identity: { ...value.identity, ...(method && { method }) } } }
  }

  #happen(event: Event): void {
    const before = this.state
    const [after, effects] = step(before, event, this.#isLoaded ? stepSigned : null)
    this.state = after
    if (event.type === 'set' || event.type === 'recalled') this.#isAsked = true
    try {
      this.#checkStep(before, event, effects)
      for (const effect of effects) this.#perform(effect, event)
      this.#checkState()
    } catch (cause) {
      const story = JSON.stringify({ before, event, after, effects }, null, 1)
      throw new Error(`${(cause as Error).message}\n${story}`, { cause })
    }
    if (effects.some(({ type }) => type === 'reconnect' || type === 'take-lead'))
      this.#happen({ type: 'disconnected' })
    if (effects.some(({ type }) => type === 'begin') && this.#isLoaded) this.#begin()
  }

  #begin(): void {
    this.#happen({ type: 'begin', now: this.#now })
  }

  #checkStep(before: State, event: Event, effects: readonly Effect[]): void {
    const { state: after } = this
    this.#see(`${before.status} on ${event.type}`)
    const isTo = (type: Effect['type']) => effects.some((effect) => effect.type === type)
    if (isSigned(before)) must(after.status !== 'anonymous', '[ID14] is anonymous without having left')
    if (event.type === 'disconnected') {
      must(
        effects.every(({ type }) => type === 'end-turn'),
        '[ID8] does something about a lost connection',
      )
      must(
        isDeepStrictEqual(identityOf(before), identityOf(after)),
        '[ID8] is somebody else without a connection',
      )
    }
    if ('id' in event && attemptOf(before)?.id !== event.id) {
      const { unanswered, ...was } = before
      const { unanswered: _, ...is } = after
      const isLeaving = before.status === 'leaving' && event.type === 'answered'
      must(isLeaving || isDeepStrictEqual(was, is), '[ID5] takes what comes too late')
      must(
        effects.every(({ type }) => isLeaving && type === 'finish'),
        '[ID5] acts on what comes too late',
      )
      must(!isLeaving || unanswered > 0, '[ID13] hears an answer to nothing')
    }
    // For the next visitor it is another context.
    if (event.type === 'gone') this.#renewed = null
    if (event.type === 'renewal-due' && before.status === 'identified') {
      this.#isScheduled = false
      const token = before.session.context && JSON.stringify(before.session.context)
      must(token === null || token !== this.#renewed, '[ID4] renews one token twice ahead of its end')
      this.#renewed = token
    }
    if (before.status !== 'leaving' && after.status === 'leaving') {
      must(isTo('leave'), '[ID13] leaves without emptying anything')
      must(effects[0]?.type === 'stop', '[ID12] leaves, and goes on signing in')
    }
    if (after.status === 'leaving' || after.status === 'anonymous')
      must(!effects.some(({ type }) => SIGN_IN_EFFECTS.has(type)), '[ID12] signs in who is not there')
    if (before.status === 'reauthentication-required' && after.status !== 'leaving' && event.type !== 'set')
      must(!effects.some(({ type }) => SIGN_IN_EFFECTS.has(type)), '[ID6] asks again without the host')
    if (after.status === 'identified' && event.type !== 'shared' && before.status !== 'identified')
      must(['ready', 'begin', 'answered'].includes(event.type), '[ID9] is identified without the server')
  }

  #perform(effect: Effect, event: Event): void {
    const { state } = this
    switch (effect.type) {
      case 'change':
        must(effect.from === this.#told.status, '[ID17] leaves out a transition')
        this.#told = effect.identity
        break
      case 'emit':
        if (effect.name === 'authenticated')
          must(
            isSessionOf(effect.detail.identity, wantedOf(state)),
            '[ID9] is authenticated as somebody else',
          )
        if (effect.name !== 'signed-in') break
        must(this.#isAsked, '[ID15] a renewal counts as a sign-in')
        this.#isAsked = false
        break
      case 'leave':
        this.#isFinishing = false
        break
      case 'finish':
        must(!this.#isFinishing, '[ID13] is finished twice')
        must(state.unanswered === 0, '[ID13] leaves before it knows which session to revoke')
        this.#isFinishing = true
        this.#pending.push(effect)
        break
      case 'take-turn':
        this.#turn = null
        this.#pending.push(effect)
        break
      case 'ask-tabs':
        if (event.type === 'turn-taken') this.#turn = effect.id
        must(this.#turn === effect.id, '[ID3] acts when it is another tab’s turn')
        this.#pending.push(effect)
        break
      case 'call-provider': {
        must(this.#call === null, '[ID3] calls the provider twice at once')
        this.#call = effect.id
        const calls = (this.#calls.get(effect.id) ?? 0) + 1
        this.#calls.set(effect.id, calls)
        must(calls <= 3, '[ID6] tries more than three times')
        must(
          effect.user === wantedOf(state),
          '[ID12] asks the provider of somebody else, or one that was replaced',
        )
        must(state.wire !== null, '[ID3] asks the provider before a context is needed')
        must(this.#turn === effect.id, '[ID3] asks the host when it is another tab’s turn')
        must(
          event.type === 'tabs-asked' && !event.isFollowing,
          '[ID3] asks the host before it can send what it gets',
        )
        this.#pending.push(effect)
        break
      }
      case 'authenticate':
        must(effect.user === wantedOf(state), '[ID12] signs in who is not wanted')
        must(effect.context.of === ownerOf(effect.user), '[ID12] sends a context of somebody else')
        must(
          isSigned(state) && effect.isRenewal === !('isSignIn' in state && state.isSignIn),
          '[ID15] says of a sign-in that it is a renewal',
        )
        this.#pending.push(effect)
        break
      case 'take-lead':
        must(this.#turn !== null, '[ID3] takes the lead when it is another tab’s turn')
        break
      case 'wait':
        this.#pending.push(effect)
        break
      case 'stop':
        this.#call = this.#turn = null
        this.#isScheduled = false
        break
      case 'end-turn':
        this.#turn = null
        break
      case 'schedule':
        this.#isScheduled = true
        break
      case 'tell':
        must(!JSON.stringify(effect).includes('"of"'), '[ID3] tells other tabs a context')
        break
      default:
    }
  }

  #checkState(): void {
    const { state } = this
    must(JSON.stringify(this.#told) === JSON.stringify(identityOf(state)), '[ID17] is not what was told')
    this.#see(`is ${state.status}`)
    if (state.status === 'anonymous') {
      must(secretOf(state) === undefined && !('session' in state), '[ID12] keeps something of who left')
      return
    }
    const user = userOf(state)
    const secret = secretOf(state)
    if (secret !== undefined)
      must(secret.startsWith(`secret of ${ownerOf(user)} `), '[ID12] has the session of somebody else')
    if (state.status === 'leaving') return
    for (const context of [state.session.context, state.session.renewed, attemptOf(state)?.context])
      if (context) must(context.of === ownerOf(user), '[ID12] has the context of somebody else')
    must(user === wantedOf(state), '[ID17] is not who the host wants')
  }

  #see(what: string): void {
    this.tally.set(what, (this.tally.get(what) ?? 0) + 1)
  }
}

function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise)
}

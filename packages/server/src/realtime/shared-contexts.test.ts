/** Two nodes and a broker, and somebody who can write to the broker. */
import { EventEmitter } from 'node:events'
import type { SessionId, UserId } from '@chat-widget/protocol'
import { exportJWK, generateKeyPair } from 'jose'
import { expect, it } from 'vitest'
import { createContextVault } from '../identity/context-vault.ts'
import { createSharedContexts } from './shared-contexts.ts'

const ada = 'ada' as UserId
const session = 'phone' as SessionId
const need = { refresh: false, cause: 'lost' } as const
const held = { userId: ada, context: { Auth: { Token: 'a secret' } }, expiresAt: null }

/** Events reach every other node, and the broker keeps them. */
function createBus() {
  const nodes: EventEmitter[] = []
  const carried: (readonly [event: string, ...args: unknown[]])[] = []
  const emit = (from: EventEmitter | null, event: string, ...args: unknown[]) => {
    carried.push([event, ...args])
    for (const node of nodes) if (node !== from) node.emit(event, ...args)
  }
  const node = () => {
    const events = new EventEmitter()
    nodes.push(events)
    return Object.assign(events, {
      serverSideEmit: (event: string, ...args: unknown[]) => emit(events, event, ...args),
    })
  }
  return { node, emit, carried }
}

/** `secret`: of the database that the node uses. */
function startNode(bus: ReturnType<typeof createBus>, secret = 'shared') {
  const vault = createContextVault({ now: () => 0 })
  const contexts = createSharedContexts({
    namespace: bus.node(),
    vault,
    serverKeys: { keep: async () => secret },
    isLive: async () => true,
    tell: () => undefined,
    isWaiting: () => true,
    waitMs: 60_000,
    now: () => 0,
  })
  return { vault, contexts }
}

it('[DL11] a context crosses to the node that needs it, and the broker cannot read it', async () => {
  const bus = createBus()
  const [phone, action] = [startNode(bus), startNode(bus)]
  phone.vault.hold(session, held)
  await action.contexts.need(ada, need)
  await expect.poll(() => action.vault.latest(ada)).toMatchObject({ state: 'live', context: held.context })
  expect(JSON.stringify(bus.carried)).not.toContain('a secret')
})

it('[DL11] whoever writes to the broker alone is handed no context', async () => {
  const bus = createBus()
  const phone = startNode(bus)
  const stranger = startNode(bus, 'another database')
  phone.vault.hold(session, held)
  await stranger.contexts.need(ada, need)
  const { publicKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256' })
  const key = await exportJWK(publicKey)
  for (const proof of ['', 'guessed', undefined])
    bus.emit(null, 'context:wanted', { ask: crypto.randomUUID(), userId: ada, need, key, proof })
  // A node of the database, which asks after them, is answered.
  const action = startNode(bus)
  await action.contexts.need(ada, need)
  await expect.poll(() => action.vault.latest(ada)).toMatchObject({ state: 'live' })
  expect(bus.carried.filter(([event]) => event === 'context:held')).toHaveLength(1)
  expect(stranger.vault.latest(ada)).toEqual({ state: 'lost' })
})

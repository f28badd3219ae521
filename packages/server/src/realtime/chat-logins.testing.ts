/** A visitor who signs in inside the chat, and the person who is asked. */
import { randomBytes } from 'node:crypto'
import type { AskedPerson, Authenticated } from '@chat-widget/protocol'
import { expect } from 'vitest'
import type { TestRealtime } from './realtime.testing.ts'
import type { TestDevice } from './test-device.testing.ts'

let people = 0
export const somebody = () => `person-${++people}@example.com`
export const newSecret = () => randomBytes(32).toString('base64url')

export const ask = (device: TestDevice, address: string, method = 'email') =>
  device.ask<AskedPerson>('authentication-request:create', { method, address })

/** Decides on the approval page, as the person who was asked last. */
export async function decide(
  server: TestRealtime,
  decision: 'approved' | 'denied' | 'mute',
  code: string | null = null,
) {
  const token = server.outbox.tokens.at(-1) ?? ''
  const view = await server.requests.viewLink(token)
  const nonce = view.kind === 'pending' ? view.nonce : ''
  const mutes = decision === 'mute'
  return server.requests.decideByLink({ token, nonce, decision: mutes ? 'denied' : decision, code, mutes })
}

export async function delivered(server: TestRealtime, { requestId }: Pick<AskedPerson, 'requestId'>) {
  await expect.poll(() => server.outbox.records.at(-1)?.id).toBe(requestId)
}

export interface Approved {
  readonly device: TestDevice
  readonly address: string
  readonly asked: AskedPerson
}

/** An anonymous visitor whose request was approved. */
export async function approved(server: TestRealtime): Promise<Approved> {
  const address = somebody()
  const { device } = await server.visitor()
  const asked = await ask(device, address)
  await delivered(server, asked)
  await decide(server, 'approved', asked.bindingCode)
  await device.heard('authentication-request')
  return { device, address, asked }
}

export const claimOf = ({ address, asked }: Omit<Approved, 'device'>, session = newSecret()) => ({
  userIdentifier: address,
  context: { authenticationRequest: { id: asked.requestId, secret: asked.secret, session } },
  mergePolicy: 'merge' as const,
})

/** A visitor whom an approval signed in, and who wrote something. */
export async function signedInByEmail(server: TestRealtime) {
  const mine = await approved(server)
  const { conversation } = await mine.device.ask<Authenticated>('identity:authenticate', claimOf(mine))
  await mine.device.send(conversation.id, 'where is my order?')
  return { ...mine, conversationId: conversation.id }
}

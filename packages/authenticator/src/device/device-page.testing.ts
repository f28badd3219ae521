/** A page of a browser that has its device at a server which the test plays; anew for each test. */
import type { AuthenticationRequestId, IncomingRequest } from '@chat-widget/protocol'
import { afterEach, beforeEach, vi } from 'vitest'
import { incoming, requestId } from '../testing/fixtures.testing.ts'
import { AuthenticatorClient } from './authenticator-client.ts'
import type { DeviceState, RequestProgress } from './device-state.ts'
import { createDeviceStore, type DeviceStore } from './device-store.ts'
import { FakeServer } from './fake-server.testing.ts'

export let server: FakeServer
export let store: DeviceStore
/** Of the page that was opened last. */
export let client: AuthenticatorClient

/** One more page of the same browser. */
export function openPage(): AuthenticatorClient {
  client = new AuthenticatorClient({
    server: location.origin,
    store,
    connection: server.connection,
    policy: { nextDelayMs: () => 1 },
  })
  return client
}

beforeEach(() => {
  server = new FakeServer()
  // Files of tests run side by side, and are of one origin.
  store = createDeviceStore(`authenticator-test-${crypto.randomUUID()}`)
  openPage()
})

afterEach(() => {
  vi.restoreAllMocks()
  client.close()
  indexedDB.deleteDatabase(store.name)
})

export async function enrolled(): Promise<void> {
  await client.start()
  await client.enroll('Firefox on Linux')
}

export function ready(): Extract<DeviceState, { status: 'ready' }> {
  const state = client.getState()
  if (state.status !== 'ready') throw new Error(`the state is ${state.status}`)
  return state
}

export const progressOf = (id: AuthenticationRequestId): RequestProgress | undefined =>
  ready().requests.find(({ request }) => request.id === id)?.progress

/** By the server's clock. */
export const asked = (number: number): IncomingRequest =>
  incoming(number, { createdAt: server.serverTime, expiresAt: server.serverTime + 900_000 })

export const approve = (number: number): Promise<void> =>
  client.answer(requestId(number), { decision: 'approved' })

/** The page's own clock stands still from now on: by the server's it is the time that the next challenge tells. */
export function stopClock(): void {
  vi.spyOn(performance, 'now').mockReturnValue(performance.now())
}

/** Holds back what the server is asked from now on, until the answer is called. */
export function holdServer(): () => void {
  let release = () => {}
  server.hold = new Promise((resolve) => {
    release = resolve
  })
  return () => release()
}

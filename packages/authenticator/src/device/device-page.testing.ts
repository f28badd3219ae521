/** A page with a device, at a server that the test plays; new for each test. */
import type { AuthenticationRequestId, IncomingRequest } from '@chat-widget/protocol'
import { afterEach, beforeEach, vi } from 'vitest'
import { incoming, requestId } from '../testing/fixtures.testing.ts'
import { AuthenticatorClient } from './authenticator-client.ts'
import type { DeviceState, RequestProgress } from './device-state.ts'
import { createDeviceStore, type DeviceStore } from './device-store.ts'
import { FakeServer } from './fake-server.testing.ts'

export let server: FakeServer
export let store: DeviceStore
/** Client of the page that was opened last. */
export let client: AuthenticatorClient

/** Opens one more page of the same browser. */
export function openPage(): AuthenticatorClient {
  client = new AuthenticatorClient({
    server: location.origin,
    store,
    connection: server.connection,
    policy: { nextDelayMs: () => 1 },
  })
  return client
}

/** Call it at the top of a file, before hooks of its own. */
export function useDevicePage(): void {
  beforeEach(() => {
    server = new FakeServer()
    // Test files run side by side, and share one origin.
    store = createDeviceStore(`authenticator-test-${crypto.randomUUID()}`)
    openPage()
  })

  afterEach(() => {
    vi.restoreAllMocks()
    client.close()
    indexedDB.deleteDatabase(store.name)
  })
}

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

/** A request, with times by the server's clock. */
export const asked = (number: number): IncomingRequest =>
  incoming(number, { createdAt: server.serverTime, expiresAt: server.serverTime + 900_000 })

export const approve = (number: number): Promise<void> =>
  client.answer(requestId(number), { decision: 'approved' })

/** Stops the page's own clock: its server time is then that of the latest challenge. */
export function stopClock(): void {
  vi.spyOn(performance, 'now').mockReturnValue(performance.now())
}

/** Holds back requests to the server from now on. Returns a function that releases them. */
export function holdServer(): () => void {
  let release = () => {}
  server.hold = new Promise((resolve) => {
    release = resolve
  })
  return () => release()
}

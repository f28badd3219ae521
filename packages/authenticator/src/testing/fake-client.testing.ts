/** A device's client without key and server: the test sets the state and reads the calls. */
import type { ChatError, DescribedApp, DeviceInvitation } from '@chat-widget/protocol'
import type { AuthenticatorClientApi } from '../device/authenticator-client-api.ts'
import type { DeviceState } from '../device/device-state.ts'
import { shop } from './fixtures.testing.ts'

export interface FakeClient extends AuthenticatorClientApi {
  /** Method names with their arguments, in order. */
  readonly calls: readonly (readonly unknown[])[]
  set(state: DeviceState): void
  /** Makes the next call of a method that returns a promise reject. */
  failNext(error: ChatError): void
  described: DescribedApp
  invitation: DeviceInvitation
}

export function createFakeClient(initial: DeviceState): FakeClient {
  const calls: unknown[][] = []
  const listeners = new Set<(state: DeviceState) => void>()
  let state = initial
  let failure: ChatError | null = null

  const act =
    (name: string) =>
    async (...args: unknown[]): Promise<void> => {
      calls.push([name, ...args])
      const error = failure
      failure = null
      if (error !== null) throw error
    }

  return {
    calls,
    described: { ...shop, isConnected: false, callback: null },
    invitation: { code: 'ABCD-EFGH-JKMN-PQRS-TVWX-2345', expiresAt: Date.now() + 600_000 },
    set(next) {
      state = next
      for (const listener of listeners) listener(state)
    },
    failNext(error) {
      failure = error
    },
    getState: () => state,
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    now: () => Date.now(),
    start: act('start'),
    enroll: act('enroll'),
    join: act('join'),
    recover: act('recover'),
    answer: act('answer'),
    dismiss(id) {
      calls.push(['dismiss', id])
    },
    async describeApp(...args) {
      await act('describeApp')(...args)
      return this.described
    },
    openRequest: act('openRequest'),
    connectApp: act('connectApp'),
    disconnectApp: act('disconnectApp'),
    unmuteApp: act('unmuteApp'),
    async invite() {
      await act('invite')()
      return this.invitation
    },
    removeDevice: act('removeDevice'),
    rotateKey: act('rotateKey'),
    renewCodes: act('renewCodes'),
    codesSaved: act('codesSaved'),
    startOver: act('startOver'),
  }
}

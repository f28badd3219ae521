/** The device's side as the page uses it. Methods that reach the server reject with a `ChatError`. */
import type {
  AppId,
  AuthenticationRequestId,
  DescribedApp,
  DeviceId,
  DeviceInvitation,
} from '@chat-widget/protocol'
import type { DeviceState, PersonAnswer } from './device-state.ts'

export interface AuthenticatorClientApi {
  getState(): DeviceState
  /** Answers the unsubscribe. */
  onChange(listener: (state: DeviceState) => void): () => void
  /** Milliseconds since the epoch by the server's clock. */
  now(): number
  /** Looks for the key in this browser, and connects. */
  start(): Promise<void>
  /** A new identifier with this device as the first; its recovery codes are then in the state. */
  enroll(name: string): Promise<void>
  /** This device for the identifier of the device that made the invitation. */
  join(code: string, name: string): Promise<void>
  /** This device for an identifier whose printed codes the person has. */
  recover(identifier: string, code: string, name: string): Promise<void>
  /** Signs and sends. What comes of it is in the state; a request that is being answered is left alone. */
  answer(id: AuthenticationRequestId, answer: PersonAnswer): Promise<void>
  /** Takes away a request that is over. */
  dismiss(id: AuthenticationRequestId): void
  describeApp(app: AppId, callback: string | null): Promise<DescribedApp>
  connectApp(app: AppId): Promise<void>
  disconnectApp(app: AppId): Promise<void>
  unmuteApp(app: AppId): Promise<void>
  invite(): Promise<DeviceInvitation>
  removeDevice(id: DeviceId): Promise<void>
  /** From then on this device signs with another key. */
  rotateKey(): Promise<void>
  /** Shows a request whose code was scanned; rejects with `not-found` where this person is not asked. */
  openRequest(id: AuthenticationRequestId): Promise<void>
  /** New recovery codes, which are then in the state; the ones before are worthless. */
  renewCodes(): Promise<void>
  /** The person saved the codes: they are forgotten here. */
  codesSaved(): Promise<void>
  /** After `removed`: forgets the key. */
  startOver(): Promise<void>
}

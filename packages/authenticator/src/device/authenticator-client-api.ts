/** The device's client, as the page uses it. Methods that reach the server reject with a `ChatError`. */
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
  /** Returns the unsubscribe. */
  onChange(listener: (state: DeviceState) => void): () => void
  /** Milliseconds since the epoch by the server's clock. */
  now(): number
  /** Loads this browser's key, and connects. */
  start(): Promise<void>
  /** Creates an identifier with this device as its first; its recovery codes are then in the state. */
  enroll(name: string): Promise<void>
  /** Adds this device to the identifier of the device that made the invitation. */
  join(code: string, name: string): Promise<void>
  /** Adds this device to an identifier by one of its recovery codes. */
  recover(identifier: string, code: string, name: string): Promise<void>
  /** Signs and sends an answer. The outcome is in the state; does nothing for a request that is being answered. */
  answer(id: AuthenticationRequestId, answer: PersonAnswer): Promise<void>
  /** Removes a request that is over. */
  dismiss(id: AuthenticationRequestId): void
  describeApp(app: AppId, callback: string | null): Promise<DescribedApp>
  connectApp(app: AppId): Promise<void>
  disconnectApp(app: AppId): Promise<void>
  unmuteApp(app: AppId): Promise<void>
  invite(): Promise<DeviceInvitation>
  removeDevice(id: DeviceId): Promise<void>
  /** Replaces this device's key. */
  rotateKey(): Promise<void>
  /** Shows a request whose code was scanned; rejects with `not-found` if this person is not asked. */
  openRequest(id: AuthenticationRequestId): Promise<void>
  /** Makes new recovery codes, which are then in the state; earlier ones are void. */
  renewCodes(): Promise<void>
  /** Forgets the codes here, once the person saved them. */
  codesSaved(): Promise<void>
  /** After `removed`: forgets the key. */
  startOver(): Promise<void>
}

/** The device's internal state, and the part of it that the page can read. */
import type { ConnectionState } from '@chat-widget/client/parts'
import type { AuthenticatorState } from '@chat-widget/protocol'
import type { DeviceState } from './device-state.ts'
import type { DeviceRecord } from './device-store.ts'

export type InternalState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'unable'; readonly reason: 'insecure' | 'storage' }
  | { readonly kind: 'new' }
  | { readonly kind: 'enrolling' }
  | { readonly kind: 'device'; readonly record: DeviceRecord; readonly account: AuthenticatorState | null }
  | { readonly kind: 'removed'; readonly record: DeviceRecord }

export interface LiveState extends Pick<Ready, 'isLive' | 'requests' | 'newCodes'> {
  readonly connection: ConnectionState
}
type Ready = Extract<DeviceState, { status: 'ready' }>

export function stateOf(state: InternalState, { connection, ...live }: LiveState): DeviceState {
  switch (state.kind) {
    case 'starting':
      return { status: 'starting' }
    case 'unable':
      return { status: 'unable', reason: state.reason }
    case 'new':
    case 'enrolling':
      return { status: state.kind, connection }
    case 'removed':
      return { status: 'removed', identifier: state.record.identifier }
    case 'device': {
      const { account, record } = state
      if (account === null) return { status: 'known', connection, identifier: record.identifier }
      return { status: 'ready', connection, account, codesUnsaved: record.codesUnsaved === true, ...live }
    }
    default:
      return state satisfies never
  }
}

/** Devices, apps and requests as the server sends them, with overrides. */
import type {
  AppId,
  AuthenticationRequestId,
  AuthenticatorDevice,
  AuthenticatorState,
  ConnectedApp,
  DeviceId,
  IncomingRequest,
} from '@chat-widget/protocol'
import type { DeviceState, RequestProgress, RequestView } from '../device/device-state.ts'

/** A UUID that ends in the number. */
const uuid = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`

export const requestId = (number: number) => uuid(number) as AuthenticationRequestId
export const deviceId = (number: number) => uuid(number) as DeviceId

export const IDENTIFIER = '1112223334'
export const shop = { id: 'shop' as AppId, name: 'Northwind' }

/** Of an invitation, or for recovery. */
export const CODE = 'ABCD-EFGH-JKMN-PQRS'
export const CODES = Array.from({ length: 8 }, (_, index) => `ABCD-EFGH-JKMN-PQRS-TVWX-${2345 + index}-YZ`)

export function device(number: number, change: Partial<AuthenticatorDevice> = {}): AuthenticatorDevice {
  return {
    id: deviceId(number),
    name: number === 1 ? 'Firefox on Linux' : 'Safari on iPhone',
    addedAt: '2026-10-02T08:00:00.000Z',
    seenAt: '2026-11-20T16:40:00.000Z',
    isOnline: number === 1,
    isThis: number === 1,
    ...change,
  }
}

export function connectedApp(change: Partial<ConnectedApp> = {}): ConnectedApp {
  return { ...shop, connectedAt: '2026-11-01T12:00:00.000Z', isMuted: false, ...change }
}

export function account(change: Partial<AuthenticatorState> = {}): AuthenticatorState {
  return {
    identifier: IDENTIFIER,
    devices: [device(1), device(2)],
    apps: [connectedApp()],
    recoveryCodesLeft: 8,
    ...change,
  }
}

export function incoming(number: number, change: Partial<IncomingRequest> = {}): IncomingRequest {
  return {
    id: requestId(number),
    app: shop,
    claims: {
      applicationTitle: 'Northwind support',
      userName: 'Alex Kim',
      userIp: '192.0.2.7',
      userOrigin: 'https://shop.example.com',
    },
    claimedBy: 'caller',
    binding: 'none',
    codesLeft: null,
    createdAt: Date.now() - 20_000,
    expiresAt: Date.now() + 880_000,
    ...change,
  }
}

export function view(
  request: IncomingRequest,
  progress: RequestProgress = { kind: 'open', problem: null },
): RequestView {
  return { request, progress }
}

export function ready(
  change: Partial<Extract<DeviceState, { status: 'ready' }>> = {},
): Extract<DeviceState, { status: 'ready' }> {
  return {
    status: 'ready',
    connection: { status: 'connected' },
    isLive: true,
    account: account(),
    requests: [],
    newCodes: null,
    codesUnsaved: false,
    ...change,
  }
}

export const newHere: DeviceState = { status: 'new', connection: { status: 'connected' } }

import { randomBytes, randomUUID } from 'node:crypto'
import {
  AUTHENTICATOR_LIMITS,
  type AuthenticatorState,
  type DescribedApp,
  type DeviceInvitation,
  PROTOCOL_VERSION,
  type WireError,
} from '@chat-widget/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  authenticatorsOf,
  newDeviceKey,
  openAuthenticator,
  type Purpose,
  refusedRecovery,
  sign,
  signProof,
  type TestAuthenticator,
} from './authenticator.testing.ts'
import { startRealtime, type TestRealtime } from './realtime.testing.ts'
import { Refused } from './test-device.testing.ts'

let server: TestRealtime
let clock = 0
/** Called while a device proves itself, after its proof was verified. */
let whileProving: () => Promise<void> = async () => undefined
const { open, person, another, again, close } = authenticatorsOf(() => server)
beforeAll(async () => {
  server = await startRealtime({
    now: () => Date.now() + clock,
    wrapStorage: (storage) => ({
      ...storage,
      authenticators: {
        ...storage.authenticators,
        async markSeen(id, at) {
          await storage.authenticators.markSeen(id, at)
          await whileProving()
        },
      },
    }),
    tuning: { deviceProofRate: { burst: 100, perSecond: 1 } },
    authenticatorRates: {
      enrolments: { burst: 1_000, perHour: 1_000 },
      wrongCodes: { burst: 1_000, perHour: 1_000 },
    },
  })
})
afterAll(async () => {
  close()
  await server.stop()
})

const codeOf = async (refusal: Promise<WireError>) => (await refusal).code
const unknownDevice = randomUUID()

describe('a connection to the authenticator', () => {
  const refusalOf = async (options: Parameters<typeof openAuthenticator>[1]) => {
    const error = await openAuthenticator(server.url, options).catch((cause: unknown) => cause)
    return error instanceof Refused ? error.data?.code : error
  }

  it('comes from the server’s own pages alone, or from what is no browser', async () => {
    expect(await refusalOf({ headers: { origin: 'https://shop.example.com' } })).toBe('origin-refused')
    expect(await refusalOf({ headers: { origin: 'null' } })).toBe('origin-refused')
    const own = await open({ headers: { origin: server.url } })
    expect(own.challenge.nonce).toHaveLength(43)
    expect((await open()).challenge.nonce).not.toBe(own.challenge.nonce)
  })

  it('is of this version, and says nothing else', async () => {
    expect(await refusalOf({ auth: { protocolVersion: PROTOCOL_VERSION + 1 } })).toBe('protocol-version')
    expect(await refusalOf({ auth: {} })).toBe('bad-request')
    expect(await refusalOf({ auth: { protocolVersion: PROTOCOL_VERSION, app: 'shop' } })).toBe('bad-request')
  })

  it('[AR11] may do nothing before it proved a device, and is one device then', async () => {
    const device = await open()
    for (const event of [
      ...['device:invite', 'device:remove', 'device:rotate', 'recovery:renew', 'app:describe'],
      ...['app:connect', 'app:disconnect', 'app:unmute', 'request:answer'],
    ])
      expect(await codeOf(device.refusal(event, {})), event).toBe('unauthenticated')
    await device.enroll()
    expect(await codeOf(device.refusal('device:enroll', await device.newDevice('enroll')))).toBe('conflict')

    const twice = await open()
    const request = await twice.newDevice('enroll')
    const results = await Promise.all([1, 2].map(() => twice.request('device:enroll', request)))
    expect(results.map(({ ok }) => ok).sort()).toEqual([false, true])
  })

  it('refuses unknown keys and what is no device', async () => {
    const device = await open()
    const good = await device.newDevice('enroll')
    const { publicKey } = good
    for (const changes of [
      { more: 1 },
      { name: '' },
      { name: 'x'.repeat(AUTHENTICATOR_LIMITS.deviceNameLength + 1) },
      { name: 'two\nlines' },
      { proof: 'x' },
      { publicKey: { ...publicKey, d: publicKey.x } },
      { publicKey: { ...publicKey, crv: 'P-384' } },
      // Of the right length, but not on the curve.
      { publicKey: { ...publicKey, x: randomBytes(32).toString('base64url') } },
    ])
      expect(await codeOf(device.refusal('device:enroll', { ...good, ...changes }))).toBe('bad-request')
    await device.enroll()
    expect(await codeOf(device.refusal('app:connect', { app: 'shop', more: 1 }))).toBe('bad-request')
  })
})

describe('[AR11] a device', () => {
  it('gets an identifier of ten digits for its person, and eight recovery codes', async () => {
    const device = await open()
    const { state, deviceId, recoveryCodes } = await device.enroll('Firefox on Linux')
    expect(state).toEqual({
      identifier: expect.stringMatching(/^[1-9][0-9]{9}$/),
      devices: [
        {
          ...{ id: deviceId, name: 'Firefox on Linux', isOnline: true, isThis: true },
          ...{ addedAt: expect.any(String), seenAt: expect.any(String) },
        },
      ],
      apps: [],
      recoveryCodesLeft: 8,
    })
    expect(new Set(recoveryCodes).size).toBe(8)
    // 26 characters of 5 bits.
    for (const code of recoveryCodes)
      expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{2}$/)
    await expect.poll(() => device.all('requests')).toEqual([[]])
  })

  it('whose key enrols again is the same, with new recovery codes: the answer may have been lost', async () => {
    const lost = await open()
    await lost.enroll()
    const device = await open({ key: lost.key })
    const { state } = await device.enroll()
    expect([device.id, device.identifier]).toEqual([lost.id, lost.identifier])
    expect(state).toMatchObject({ devices: [{ id: lost.id }], recoveryCodesLeft: 8 })
    const [old = ''] = lost.recoveryCodes
    const [code = ''] = device.recoveryCodes
    const other = await open()
    expect(await codeOf(refusedRecovery(other, device.identifier, old))).toBe('not-found')
    await other.recover(device.identifier, code)

    // Also if both arrive at once.
    const key = await newDeviceKey()
    const both = await Promise.all([open({ key }), open({ key })])
    await Promise.all(both.map((each) => each.enroll()))
    expect(new Set(both.map(({ identifier }) => identifier)).size).toBe(1)
  })

  it('whose key was taken from it is nobody’s: enrolling with it makes another person', async () => {
    const removed = await person()
    await removed.ask('device:remove', { deviceId: removed.id })
    const rotated = await person()
    const { key } = rotated
    const next = await newDeviceKey()
    const proof = await signProof(rotated.challenge.nonce, 'rotate', next)
    await rotated.ask('device:rotate', { publicKey: next.publicKey, proof })
    for (const before of [removed, { key, id: rotated.id, identifier: rotated.identifier }]) {
      const device = await open({ key: before.key })
      await device.enroll()
      expect(device.identifier).not.toBe(before.identifier)
      expect(device.id).not.toBe(before.id)
    }
  })

  it('proves on each connection that it holds its key', async () => {
    const device = await person()
    const next = await again(device)
    expect(next.identifier).toBe(device.identifier)
    const stranger = await open()
    const proof = await stranger.proof('prove')
    const refusal = (deviceId: string) => codeOf(stranger.refusal('device:prove', { deviceId, proof }))
    expect(await refusal(device.id)).toBe('unauthenticated')
    expect(await refusal(unknownDevice)).toBe('session-invalid')
    // The refused connection still has no device.
    expect(await codeOf(stranger.refusal('device:invite', {}))).toBe('unauthenticated')
  })

  it('a proof counts for its own connection, purpose and key', async () => {
    const device = await person()
    const other = await open({ key: device.key })
    const prove = (proof: string) => codeOf(other.refusal('device:prove', { deviceId: device.id, proof }))
    const { nonce } = other.challenge
    expect(await prove(await device.proof('prove')), 'of another connection').toBe('unauthenticated')
    const purposes: readonly Purpose[] = ['enroll', 'join', 'recover', 'rotate']
    for (const purpose of purposes) expect(await prove(await other.proof(purpose))).toBe('unauthenticated')
    expect(await prove(await signProof(nonce, 'prove', await newDeviceKey()))).toBe('unauthenticated')
    const claims = { nonce, purpose: 'prove' }
    const { privateKey } = device.key
    const typ = 'device-proof+jwt'
    expect(await prove(await sign(claims, { typ: 'device-answer+jwt' }, privateKey))).toBe('unauthenticated')
    expect(await prove(await sign(claims, {}, privateKey))).toBe('unauthenticated')
    expect(await prove(await sign(claims, { typ, alg: 'HS256' }, randomBytes(32)))).toBe('unauthenticated')
    expect(await prove(await sign({ ...claims, more: 1 }, { typ }, privateKey))).toBe('bad-request')
    const [, payload] = (await other.proof('prove')).split('.')
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ })).toString('base64url')
    expect(await prove(`${none}.${payload}.x`)).toBe('unauthenticated')

    const fresh = await open()
    for (const purpose of ['join', 'recover', 'prove'] as const)
      expect(await codeOf(fresh.refusal('device:enroll', await fresh.newDevice(purpose)))).toBe(
        'unauthenticated',
      )
  })

  it('another one is added by an invitation, once and for ten minutes, and every other sees it', async () => {
    const first = await person()
    const { code, expiresAt } = await first.invite()
    const left = expiresAt - first.challenge.serverTime
    expect(left).toBeGreaterThanOrEqual(AUTHENTICATOR_LIMITS.invitationSeconds * 1_000)
    const second = await open()
    const typed = `${code.slice(0, 9).toLowerCase()} - ${code.slice(9).toLowerCase()}`
    const { state } = await second.join(typed, 'Phone')
    expect(state.devices.map(({ name, isOnline, isThis }) => [name, isOnline, isThis])).toEqual([
      ['Firefox on Linux', true, false],
      ['Phone', true, true],
    ])
    expect(state.apps).toMatchObject([{ id: 'shop', name: 'shop', isMuted: false }])
    await first.heard<AuthenticatorState>('state', ({ devices }) => devices.length === 2)

    const third = await open()
    const join = async (device: TestAuthenticator, of: string) =>
      device.refusal('device:join', { ...(await device.newDevice('join')), code: of })
    expect(await codeOf(join(third, code))).toBe('not-found')
    expect(await codeOf(join(third, 'X'.repeat(26)))).toBe('not-found')
    const late = await first.invite()
    clock = AUTHENTICATOR_LIMITS.invitationSeconds * 1_000
    try {
      expect(await codeOf(join(third, late.code))).toBe('not-found')
    } finally {
      clock = 0
    }
    second.close()
    await first.heard<AuthenticatorState>('state', ({ devices }) => devices[1]?.isOnline === false)
  })

  it('one invitation lets one device in, of many that use it at the same time', async () => {
    const first = await person()
    const { code } = await first.invite()
    const devices = await Promise.all(Array.from({ length: 8 }, () => open()))
    const results = await Promise.all(
      devices.map(async (device) =>
        device.request('device:join', { ...(await device.newDevice('join')), code }),
      ),
    )
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
    const tab = await open({ key: first.key })
    expect((await tab.prove(first.id)).devices).toHaveLength(2)
  })

  it.each(['join', 'recover'] as const)(
    '%s again, because the answer was lost, is the same device',
    async (how) => {
      const first = await open()
      const { recoveryCodes } = await first.enroll()
      const { code } = how === 'join' ? await first.invite() : { code: recoveryCodes[0] ?? '' }
      const add = (device: typeof first) =>
        how === 'join' ? device.join(code) : device.recover(first.identifier, code)
      const lost = await open()
      const before = await add(lost)
      const again = await open({ key: lost.key })
      expect((await add(again)).deviceId).toBe(before.deviceId)
      expect(again.identifier).toBe(first.identifier)
      const stranger = await open()
      const refusal = { ...(await stranger.newDevice(how)), code }
      const identified = how === 'join' ? refusal : { ...refusal, identifier: first.identifier }
      expect(await codeOf(stranger.refusal(`device:${how}`, identified))).toBe('not-found')
    },
  )

  it('a recovery code adds one, for its own person and once; new codes make the old ones worthless', async () => {
    const lost = await person()
    const [code = '', second = ''] = lost.recoveryCodes
    const other = await person()
    const device = await open()
    expect(await codeOf(refusedRecovery(device, other.identifier, code))).toBe('not-found')
    expect(await codeOf(refusedRecovery(device, '1112223334', code))).toBe('not-found')
    const { state } = await device.recover(lost.identifier, code.toLowerCase().replaceAll('-', ' '))
    expect(state).toMatchObject({ identifier: lost.identifier, recoveryCodesLeft: 7 })
    const again = await open()
    expect(await codeOf(refusedRecovery(again, lost.identifier, code))).toBe('not-found')

    const renewed = await device.ask<{ recoveryCodes: string[] }>('recovery:renew', {})
    await lost.heard<AuthenticatorState>('state', ({ recoveryCodesLeft }) => recoveryCodesLeft === 8)
    expect(await codeOf(refusedRecovery(again, lost.identifier, second))).toBe('not-found')
    await again.recover(lost.identifier, renewed.recoveryCodes[7] ?? '')
  })

  it('removes another: its sockets are told and closed, and it comes back by no proof', async () => {
    const first = await person()
    const second = await another(first)
    const tab = await again(second)
    const invitation = await second.invite()
    await first.ask('device:remove', { deviceId: second.id })
    for (const socket of [second, tab]) {
      expect((await socket.heard<WireError>('device:removed')).code).toBe('session-invalid')
      await socket.gone()
    }
    await first.heard<AuthenticatorState>('state', ({ devices }) => devices.length === 1)
    const back = await open({ key: second.key })
    const request = { deviceId: second.id, proof: await back.proof('prove') }
    expect(await codeOf(back.refusal('device:prove', request))).toBe('session-invalid')
    const invited = { ...(await back.newDevice('join')), code: invitation.code }
    expect(await codeOf(back.refusal('device:join', invited))).toBe('not-found')
    expect(await codeOf(first.refusal('device:remove', { deviceId: second.id }))).toBe('not-found')
    const stranger = await person()
    expect(await codeOf(first.refusal('device:remove', { deviceId: stranger.id }))).toBe('not-found')
  })

  it('that is removed, or changes its key, while it proves itself is let in by neither', async () => {
    const first = await person()
    const second = await another(first)
    const key = await newDeviceKey()
    const meanwhile = [
      async () => {
        const proof = await second.proof('rotate', key)
        await second.ask('device:rotate', { publicKey: key.publicKey, proof })
      },
      () => first.ask<void>('device:remove', { deviceId: second.id }),
    ]
    for (const happens of meanwhile) {
      const late = await open({ key: second.key })
      const request = { deviceId: second.id, proof: await late.proof('prove') }
      whileProving = happens
      try {
        expect(await codeOf(late.refusal('device:prove', request))).toBe('session-invalid')
      } finally {
        whileProving = async () => undefined
      }
      expect(await codeOf(late.refusal('device:invite', {}))).toBe('unauthenticated')
      second.key = key
    }
  })

  it('removes itself, hears the answer, and its person is recovered by a code', async () => {
    const only = await person()
    await only.ask('device:remove', { deviceId: only.id })
    await only.gone()
    const device = await open()
    const { state } = await device.recover(only.identifier, only.recoveryCodes[0] ?? '')
    expect(state.devices.map(({ id }) => id)).toEqual([device.id])
  })

  it('changes its key: what proved the old one is closed, and the old one proves nothing', async () => {
    const device = await person()
    const tab = await again(device)
    const old = device.key
    const key = await newDeviceKey()
    const refusal = async (proof: string) =>
      codeOf(device.refusal('device:rotate', { publicKey: key.publicKey, proof }))
    expect(await refusal(await device.proof('rotate')), 'by the old key').toBe('unauthenticated')
    expect(await refusal(await device.proof('prove', key)), 'for another purpose').toBe('unauthenticated')
    const proof = await device.proof('rotate', key)
    await device.ask('device:rotate', { publicKey: key.publicKey, proof })
    await tab.gone()
    // This connection continues with the new key.
    await device.invite()
    const back = await open({ key: old })
    const stale = { deviceId: device.id, proof: await back.proof('prove') }
    expect(await codeOf(back.refusal('device:prove', stale))).toBe('unauthenticated')
    device.key = key
    expect((await again(device)).identifier).toBe(device.identifier)
  })

  it('is one of ten at most', async () => {
    const first = await person()
    for (let count = 1; count < AUTHENTICATOR_LIMITS.devices; count += 1) (await another(first)).close()
    const device = await open()
    const { code } = await first.ask<DeviceInvitation>('device:invite', {})
    const request = { ...(await device.newDevice('join')), code }
    expect(await codeOf(device.refusal('device:join', request))).toBe('conflict')
  })
})

describe('[AR12] an app', () => {
  it('is described, connected and disconnected; every device sees it', async () => {
    const first = await person()
    const second = await another(first)
    const describe = (request: object) => second.ask<DescribedApp>('app:describe', request)
    expect(await describe({ app: 'shop' })).toEqual({
      ...{ id: 'shop', name: 'shop', isConnected: true, callback: null },
    })
    expect(await describe({ app: 'other' })).toMatchObject({ isConnected: false })
    await second.ask('app:connect', { app: 'other' })
    await second.ask('app:connect', { app: 'other' })
    await first.heard<AuthenticatorState>('state', ({ apps }) => apps.length === 2)
    await second.ask('app:disconnect', { app: 'shop' })
    await second.ask('app:disconnect', { app: 'shop' })
    await first.heard<AuthenticatorState>('state', ({ apps }) => apps[0]?.id === 'other' && apps.length === 1)
    expect(await codeOf(first.refusal('app:connect', { app: 'nobody' }))).toBe('unknown-app')
    expect(await codeOf(first.refusal('app:describe', { app: 'nobody' }))).toBe('unknown-app')
  })

  it('a person goes back from here to the app’s own pages only', async () => {
    const device = await person()
    const back = async (callback: string) =>
      (await device.ask<DescribedApp>('app:describe', { app: 'shop', callback })).callback
    const own = 'https://shop.example.com/account?tab=2#top'
    expect(await back(own)).toBe(own)
    expect(await back('http://localhost:5173/')).toBe('http://localhost:5173/')
    for (const foreign of [
      'https://other.example.com/',
      'https://shop.example.com.evil.org/',
      'https://evil.org/https://shop.example.com/',
      'https://ann@shop.example.com/',
      'blob:https://shop.example.com/5f0c8a34',
      'javascript:alert(1)//https://shop.example.com',
      '//shop.example.com/',
      '/account',
      'nonsense',
      '',
    ])
      expect(await back(foreign), foreign).toBeNull()
  })
})

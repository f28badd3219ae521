/** The contract of authenticators. */
import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import type { AppId, DeviceId, DevicePublicKey } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import type { SignedAnswer } from './authentication-request-storage.ts'
import type { DeviceCode, DeviceRecord, NewDevice } from './authenticator-storage.ts'
import { approvedBy, newRequest } from './contract-authentication-requests.testing.ts'
import { type Fixture, newSecretHash, SHOP, START } from './contract-fixture.testing.ts'

const OTHER = 'other' as AppId
const MINUTE = 60_000
const newIdentifier = () => String(randomInt(1_000_000_000, 10_000_000_000))
const newKey = (): DevicePublicKey => ({
  kty: 'EC',
  crv: 'P-256',
  x: randomBytes(32).toString('base64url'),
  y: randomBytes(32).toString('base64url'),
})
const newDevice = (): NewDevice => ({
  id: randomUUID() as string as DeviceId,
  name: 'Firefox on Linux',
  publicKey: newKey(),
})
const fifty = <Value>(make: (index: number) => Promise<Value>) =>
  Promise.all(Array.from({ length: 50 }, (_, index) => make(index)))

export function authenticatorContract(fixture: Fixture): void {
  const people = () => fixture.storage.authenticators

  async function enrolled(recoveryHashes: readonly string[] = [newSecretHash()]): Promise<DeviceRecord> {
    const request = { identifier: newIdentifier(), device: newDevice(), recoveryHashes, at: START }
    const device = await people().enroll(request)
    if (device === null) throw new Error('the identifier was taken')
    return device
  }
  async function invited({ id }: DeviceRecord, at = START): Promise<DeviceCode> {
    const hash = newSecretHash()
    expect(await people().invite(id, hash, at + 10 * MINUTE, at)).toBe(true)
    return { kind: 'invitation', hash }
  }
  const add = (code: DeviceCode, changes: { readonly at?: number; readonly mostDevices?: number } = {}) =>
    people().addDevice({ code, device: newDevice(), mostDevices: 10, at: START + 1, ...changes })
  async function added(code: DeviceCode): Promise<DeviceRecord> {
    const outcome = await add(code)
    if (outcome.kind !== 'added') throw new Error(outcome.kind)
    return outcome.device
  }

  it('[AR11] keeps a person and their device across a restart; an identifier is given once', async () => {
    const identifier = newIdentifier()
    const outcomes = await fifty(() =>
      people().enroll({ identifier, device: newDevice(), recoveryHashes: [newSecretHash()], at: START }),
    )
    const [device, ...more] = outcomes.filter((outcome) => outcome !== null)
    expect(more).toEqual([])
    const again = {
      identifier: newIdentifier(),
      device: device!,
      recoveryHashes: [newSecretHash()],
      at: START,
    }
    expect(await people().enroll(again), 'a device is enrolled once').toBeNull()
    expect(await people().devicesOf(again.identifier)).toEqual([])
    expect(device).toEqual({
      ...{ id: device?.id, identifier, name: 'Firefox on Linux', publicKey: device?.publicKey },
      ...{ addedAt: START, seenAt: START, removedAt: null },
    })
    await people().markSeen(device!.id, START + 5)
    await fixture.reopen()
    expect(await people().devicesOf(identifier)).toEqual([{ ...device, seenAt: START + 5 }])
    expect(await people().findDevice(device!.id)).toEqual({ ...device, seenAt: START + 5 })
    expect(await people().recoveryCodesLeft(identifier)).toBe(1)
    expect(await people().findDevice(randomUUID() as string as DeviceId)).toBeNull()
    expect(await people().devicesOf(newIdentifier())).toEqual([])
  })

  it('[AR11] an invitation adds one device, of 50 that use it at the same time, and none when it is over', async () => {
    const first = await enrolled()
    const code = await invited(first)
    const outcomes = await fifty(() => add(code))
    expect(outcomes.filter(({ kind }) => kind === 'added')).toHaveLength(1)
    expect(outcomes.filter(({ kind }) => kind === 'unknown-code')).toHaveLength(49)
    expect(await people().devicesOf(first.identifier)).toHaveLength(2)
    await fixture.reopen()
    expect((await add(code)).kind).toBe('unknown-code')

    const late = await invited(first)
    expect((await add(late, { at: START + 10 * MINUTE })).kind).toBe('unknown-code')
    expect((await add(late, { at: START + 10 * MINUTE - 1 })).kind).toBe('added')
  })

  it('[AR11] the same key with the same code again is the same device: the answer may have been lost', async () => {
    const hash = newSecretHash()
    const first = await enrolled([hash])
    const recovery = { kind: 'recovery', hash, identifier: first.identifier } as const
    for (const code of [await invited(first), recovery]) {
      const device = newDevice()
      const again = (at = START + 1) =>
        people().addDevice({ code, device: { ...device, id: newDevice().id }, mostDevices: 3, at })
      const outcomes = await fifty(() => again())
      expect(new Set(outcomes.map((outcome) => outcome.kind === 'added' && outcome.device.id)).size).toBe(1)
      // The code may be tried for longer than an invitation is valid.
      const late = await again(START + 60 * MINUTE)
      expect(late).toEqual(outcomes[0])
      expect((await add(code)).kind, 'any other key').toBe('unknown-code')
    }
    const devices = await people().devicesOf(first.identifier)
    expect(devices).toHaveLength(3)
    expect(await people().recoveryCodesLeft(first.identifier)).toBe(0)

    // Not once the device was removed, or has another key.
    const [, second, third] = devices as [DeviceRecord, DeviceRecord, DeviceRecord]
    await people().removeDevice(first.id, second.id, START + 2)
    await people().rotateKey(third.id, third.publicKey, newKey())
    for (const { publicKey } of [second, third])
      expect(
        await people().addDevice({
          ...{ code: recovery, device: { ...newDevice(), publicKey }, mostDevices: 10, at: START + 3 },
        }),
      ).toEqual({ kind: 'unknown-code' })
  })

  it('[AR11] a key that is a device already uses no other code up', async () => {
    const first = await enrolled()
    const device = newDevice()
    const [code, spare] = [await invited(first), await invited(first)]
    const request = { device, mostDevices: 10, at: START + 1 }
    const outcome = await people().addDevice({ ...request, code })
    expect(await people().addDevice({ ...request, code: spare })).toEqual(outcome)
    expect((await add(spare)).kind).toBe('added')
  })

  it('[AR11] a recovery code is good once, for its person alone, and not as an invitation', async () => {
    const hash = newSecretHash()
    const person = await enrolled([hash, newSecretHash()])
    const code = { kind: 'recovery', hash, identifier: person.identifier } as const
    const stranger = await enrolled()
    expect((await add({ ...code, identifier: stranger.identifier })).kind).toBe('unknown-code')
    expect((await add({ kind: 'invitation', hash })).kind).toBe('unknown-code')
    const invitation = await invited(person)
    expect((await add({ ...code, hash: invitation.hash })).kind).toBe('unknown-code')
    const outcomes = await fifty(() => add(code, { at: START + 365 * 24 * 60 * MINUTE }))
    expect(outcomes.filter(({ kind }) => kind === 'added')).toHaveLength(1)
    expect(await people().recoveryCodesLeft(person.identifier)).toBe(1)
    expect(await people().devicesOf(stranger.identifier)).toHaveLength(1)
  })

  it('[AR11] renewed recovery codes make those before worthless', async () => {
    const [old, fresh] = [newSecretHash(), newSecretHash()]
    const { id, identifier } = await enrolled([old])
    expect(await people().renewRecovery(id, [fresh, newSecretHash()], START + 1)).toBe(true)
    expect((await add({ kind: 'recovery', hash: old, identifier })).kind).toBe('unknown-code')
    expect((await add({ kind: 'recovery', hash: fresh, identifier })).kind).toBe('added')
    expect(await people().recoveryCodesLeft(identifier)).toBe(1)
  })

  it('[AR11] a person has so many devices at most, of many that come at once too; the code stays good', async () => {
    const first = await enrolled()
    const codes = await Promise.all(Array.from({ length: 8 }, () => invited(first)))
    const outcomes = await Promise.all(codes.map((code) => add(code, { mostDevices: 4 })))
    expect(outcomes.filter(({ kind }) => kind === 'added')).toHaveLength(3)
    expect(outcomes.filter(({ kind }) => kind === 'too-many')).toHaveLength(5)
    const unused = codes[outcomes.findIndex(({ kind }) => kind === 'too-many')]!
    const [, second] = await people().devicesOf(first.identifier)
    await people().removeDevice(first.id, second!.id, START + 2)
    expect((await add(unused, { mostDevices: 4 })).kind).toBe('added')
  })

  it('[AR11] a removed device is kept, and may do nothing more; what it had invited stays out', async () => {
    const first = await enrolled()
    const second = await added(await invited(first))
    const code = await invited(second)
    const stranger = await enrolled()
    expect(await people().removeDevice(stranger.id, second.id, START + 2)).toBe(false)
    const removals = await fifty(() => people().removeDevice(first.id, second.id, START + 3))
    expect(removals.filter((done) => done)).toHaveLength(1)
    expect(await people().findDevice(second.id)).toMatchObject({ removedAt: START + 3 })
    expect((await people().devicesOf(first.identifier)).map(({ id }) => id)).toEqual([first.id])
    expect((await add(code)).kind).toBe('unknown-code')
    for (const refused of [
      people().invite(second.id, newSecretHash(), START + MINUTE, START),
      people().renewRecovery(second.id, [newSecretHash()], START),
      people().rotateKey(second.id, second.publicKey, newKey()),
      people().removeDevice(second.id, first.id, START),
      people().connect(second.id, SHOP, START),
      people().disconnect(second.id, SHOP),
      people().unmute(second.id, SHOP),
    ])
      expect(await refused).toBe(false)
    expect(await people().connectionsOf(first.identifier)).toEqual([])
  })

  it('[AR11] a key is changed by one of 50 that would, each from the key that they know', async () => {
    const { id, publicKey } = await enrolled()
    const keys = Array.from({ length: 50 }, newKey)
    const rotated = await Promise.all(keys.map((key) => people().rotateKey(id, publicKey, key)))
    expect(rotated.filter((done) => done)).toHaveLength(1)
    expect((await people().findDevice(id))?.publicKey).toEqual(keys[rotated.indexOf(true)])
  })

  it('[AR12] an app reaches who is connected to it, has a device, and did not mute it', async () => {
    const { id, identifier } = await enrolled()
    const reaches = (app = SHOP, whom = identifier) => people().isReachable(whom, app, 'anyone')
    expect(await reaches()).toBe(false)
    await people().connect(id, SHOP, START)
    await people().connect(id, SHOP, START + 9)
    await fixture.reopen()
    expect(await reaches()).toBe(true)
    expect(await reaches(OTHER)).toBe(false)
    expect(await reaches(SHOP, newIdentifier())).toBe(false)
    expect(await people().connectionsOf(identifier)).toEqual([
      { app: SHOP, connectedAt: START, isMuted: false },
    ])

    const request = newRequest({ addressee: { kind: 'identifier', identifier } })
    await fixture.storage.authenticationRequests.create(request)
    const denial = { status: 'denied', subject: identifier, response: 'd.e.f' } as const
    await fixture.storage.authenticationRequests.denyAndMute(request.id, denial, START + 1)
    expect(await reaches()).toBe(false)
    expect(await people().connectionsOf(identifier)).toMatchObject([{ app: SHOP, isMuted: true }])
    await people().unmute(id, SHOP)
    await people().unmute(id, OTHER)
    expect(await reaches()).toBe(true)
    await people().disconnect(id, SHOP)
    expect(await reaches()).toBe(false)
    await people().connect(id, SHOP, START)
    await people().removeDevice(id, id, START + 2)
    expect(await reaches()).toBe(false)
  })

  it('[AR13] an answer counts in the moment that decides: its device is there, and has the key still', async () => {
    const requests = () => fixture.storage.authenticationRequests
    const first = await enrolled()
    const second = await added(await invited(first))
    const request = newRequest({ addressee: { kind: 'identifier', identifier: first.identifier } })
    await requests().create(request)
    expect(await requests().pendingFor(first.identifier, START)).toEqual([])
    await requests().setDelivery(request.id, 'delivered')
    const isPending = async (at = START) =>
      (await requests().pendingFor(first.identifier, at)).map(({ id }) => id)
    expect(await isPending()).toEqual([request.id])
    expect(await isPending(request.expiresAt)).toEqual([])

    const by = ({ id, publicKey }: DeviceRecord): SignedAnswer => ({
      ...{ device: id, publicKey, answer: `signed.by.${id}` },
    })
    const decide = (signed: SignedAnswer) =>
      requests().end(request.id, { ...approvedBy(first.identifier), signed }, START + 1)
    await people().removeDevice(first.id, second.id, START)
    await people().connect(first.id, SHOP, START)
    expect(await decide(by(second))).toBeNull()
    const mute = { status: 'denied', subject: 'x', response: 'x' } as const
    expect(await requests().denyAndMute(request.id, { ...mute, signed: by(second) }, START)).toBeNull()
    expect(await people().isReachable(first.identifier, SHOP, 'anyone')).toBe(true)
    const key = newKey()
    await people().rotateKey(first.id, first.publicKey, key)
    expect(await decide(by(first))).toBeNull()
    const decided = await decide(by({ ...first, publicKey: key }))
    expect(decided).toMatchObject({ status: 'approved', answer: `signed.by.${first.id}` })
    await fixture.reopen()
    expect(await requests().find(request.id)).toEqual(decided)
    expect(await isPending()).toEqual([])
  })
}

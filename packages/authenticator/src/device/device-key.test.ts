import type { DevicePublicKey } from '@chat-widget/protocol'
import { describe, expect, it, vi } from 'vitest'
import { CODE, deviceId, IDENTIFIER, requestId } from '../testing/fixtures.testing.ts'
import { AuthenticatorClient } from './authenticator-client.ts'
import {
  approve,
  asked,
  client,
  enrolled,
  openPage,
  progressOf,
  ready,
  server,
  store,
  useDevicePage,
} from './device-page.testing.ts'

useDevicePage()

/** Leaves the server's change of keys under way while the old key is proved again. Resolves with the new one. */
async function rotateUnheard(): Promise<DevicePublicKey> {
  const before = server.devices.get(deviceId(1))!
  server.swallowed.add('device:rotate')
  await expect(client.rotateKey()).rejects.toMatchObject({ code: 'server-unreachable' })
  const after = server.devices.get(deviceId(1))!
  server.devices.set(deviceId(1), before)
  server.connect()
  await vi.waitFor(() => expect(ready().isLive).toBe(true))
  return after
}

describe('[AR11] the device’s key', () => {
  it('is proved for the challenge of this connection, and for enrolling', async () => {
    await enrolled()
    expect(server.proofs).toEqual([{ purpose: 'enroll', nonce: 'nonce-1' }])
    expect(ready()).toMatchObject({ isLive: true, account: { identifier: IDENTIFIER } })
    expect(ready().newCodes).toHaveLength(8)
  })

  it('is not extractable, neither now nor when it is read again', async () => {
    await enrolled()
    const { privateKey } = (await store.read())!.keys
    expect(privateKey.extractable).toBe(false)
    for (const format of ['jwk', 'pkcs8'] as const)
      await expect(crypto.subtle.exportKey(format, privateKey)).rejects.toThrow(/not extractable/)
  })

  it('outlives a reload, and is proved anew', async () => {
    await enrolled()
    client.close()
    await openPage().start()
    await vi.waitFor(() => expect(ready().isLive).toBe(true))
    expect(server.proofs.at(-1)).toEqual({ purpose: 'prove', nonce: 'nonce-2' })
    expect(ready().newCodes).toBeNull()
  })

  it('is proved after each reconnect, for the new challenge', async () => {
    await enrolled()
    server.drop()
    expect(ready()).toMatchObject({ isLive: false, connection: { status: 'reconnecting' } })
    server.connect()
    await vi.waitFor(() => expect(ready().isLive).toBe(true))
    expect(server.proofs.at(-1)).toEqual({ purpose: 'prove', nonce: 'nonce-2' })
  })

  it('is proved again when the server could not look just now', async () => {
    await enrolled()
    server.drop()
    server.refusals.set('device:prove', { code: 'unavailable' })
    server.connect()
    await vi.waitFor(() => expect(ready().isLive).toBe(true))
  })

  it('is looked for anew after each connect: another tab may have set the device up, or forgotten it', async () => {
    await client.start()
    const elsewhere = new AuthenticatorClient({ server: '', store, connection: server.connection })
    await elsewhere.start()
    await elsewhere.enroll('Firefox')
    server.connect()
    await vi.waitFor(() => expect(ready().isLive).toBe(true))
    await store.clear()
    server.connect()
    await vi.waitFor(() => expect(client.getState().status).toBe('new'))
  })

  it('joins and recovers by a proof for that', async () => {
    await client.start()
    await client.join(CODE, 'Safari')
    expect(server.proofs).toEqual([{ purpose: 'join', nonce: 'nonce-1' }])
    expect(ready().newCodes).toBeNull()
    await expect(client.recover(IDENTIFIER, CODE, 'Safari')).rejects.toMatchObject({ code: 'conflict' })
  })

  it('is kept before the server makes a device of it: a browser that keeps none enrols nothing', async () => {
    await client.start()
    vi.spyOn(store, 'candidate').mockRejectedValue(new Error('private window'))
    await expect(client.enroll('Firefox')).rejects.toMatchObject({ code: 'storage-unavailable' })
    expect(server.devices.size).toBe(0)
    expect(client.getState().status).toBe('new')
  })

  it('that could not be written may be tried anew: the server takes one device on a connection', async () => {
    await client.start()
    vi.spyOn(store, 'write').mockRejectedValueOnce(new Error('disk full'))
    await expect(client.enroll('Firefox')).rejects.toMatchObject({ code: 'storage-unavailable' })
    expect(client.getState().status).toBe('new')
    await client.join(CODE, 'Firefox')
    expect(ready(), 'the codes of before are nobody’s').toMatchObject({ isLive: true, newCodes: null })
  })

  it('waits for a connection that is only just being made', async () => {
    server.isSlow = true
    const candidate = vi.spyOn(store, 'candidate')
    await client.start()
    const enrolling = client.enroll('Firefox')
    // From here on only the challenge is missing.
    await vi.waitFor(() => expect(candidate.mock.settledResults).toMatchObject([{ type: 'fulfilled' }]))
    server.connect()
    await enrolling
    expect(server.proofs).toEqual([{ purpose: 'enroll', nonce: 'nonce-1' }])
    expect(ready().isLive).toBe(true)
  })

  it('does not wait for a server that could not be reached', async () => {
    server.isSlow = true
    await client.start()
    const enrolling = client.enroll('Firefox')
    server.drop()
    await expect(enrolling).rejects.toMatchObject({ code: 'server-unreachable' })
    await expect(client.enroll('Firefox')).rejects.toMatchObject({ code: 'server-unreachable' })
    server.connect()
    await client.enroll('Firefox')
    expect(ready().isLive).toBe(true)
  })

  it('that the server took without a word may be tried anew', async () => {
    await client.start()
    server.unanswered.add('device:enroll')
    await expect(client.enroll('Firefox')).rejects.toMatchObject({ code: 'server-unreachable' })
    await client.enroll('Firefox')
    expect(ready().isLive).toBe(true)
  })

  it('is proved where the connection became another one while it was written', async () => {
    await client.start()
    const write = store.write
    vi.spyOn(store, 'write').mockImplementationOnce(async (record) => {
      const kept = await write(record)
      server.drop()
      server.connect()
      // Waits until the new challenge has arrived and nothing was done about it yet.
      await store.read()
      return kept
    })
    await client.enroll('Firefox')
    await vi.waitFor(() => expect(server.proofs.at(-1)).toEqual({ purpose: 'prove', nonce: 'nonce-2' }))
    await vi.waitFor(() => expect(ready().isLive).toBe(true))
  })

  it('is the same after an answer that was lost: the server knows it already', async () => {
    await client.start()
    server.swallowed.add('device:enroll')
    await expect(client.enroll('Firefox')).rejects.toMatchObject({ code: 'server-unreachable' })
    server.connect()
    await client.enroll('Firefox')
    expect(server.devices.size).toBe(1)
  })

  it('changes, and the new one is proved from then on', async () => {
    await enrolled()
    const before = server.devices.get(deviceId(1))
    await client.rotateKey()
    expect(server.proofs.at(-1)).toEqual({ purpose: 'rotate', nonce: 'nonce-1' })
    expect(server.devices.get(deviceId(1))).not.toEqual(before)
    server.drop()
    server.connect()
    await vi.waitFor(() => expect(ready().isLive).toBe(true))
  })

  it('changes also where the server’s word was lost: whichever of the two it knows is here', async () => {
    await enrolled()
    server.swallowed.add('device:rotate')
    await expect(client.rotateKey()).rejects.toMatchObject({ code: 'server-unreachable' })
    client.close()
    await openPage().start()
    await vi.waitFor(() => expect(ready().isLive).toBe(true))
    expect((await store.read())?.nextKeys).toBeUndefined()
  })

  it('changes also where no word came and the connection stands: which one counts is found out', async () => {
    await enrolled()
    server.unanswered.add('device:rotate')
    await expect(client.rotateKey()).rejects.toMatchObject({ code: 'server-unreachable' })
    await vi.waitFor(() => expect(ready().isLive).toBe(true))
    server.tell('requests', [asked(1)])
    await approve(1)
    expect(progressOf(requestId(1))).toEqual({ kind: 'over', end: 'approved' })
  })

  it('[AR11] is not given up where the server hears of it after the old one was proved', async () => {
    await enrolled()
    const after = await rotateUnheard()
    server.devices.set(deviceId(1), after)
    server.drop()
    server.connect()
    await vi.waitFor(() => expect(ready().isLive).toBe(true))
    expect((await store.read())?.nextKeys).toBeUndefined()
  })

  it('is not given up for a third one while the server may know it', async () => {
    await enrolled()
    const after = await rotateUnheard()
    await client.rotateKey()
    expect(server.devices.get(deviceId(1))).toEqual(after)
  })

  it('[AR11] is not changed before it was proved, for another tab may have changed it', async () => {
    await enrolled()
    server.drop()
    server.connect()
    await expect(client.rotateKey()).rejects.toMatchObject({ code: 'server-unreachable' })
    expect((await store.read())?.nextKeys).toBeUndefined()
    await vi.waitFor(() => expect(ready().isLive).toBe(true))
    expect(server.proofs.filter(({ purpose }) => purpose === 'rotate')).toEqual([])
  })

  it('of which one was not looked for is no removed device, whatever is said of the other', async () => {
    await enrolled()
    server.refusals.set('device:rotate', { code: 'rate-limited' })
    await expect(client.rotateKey()).rejects.toMatchObject({ code: 'rate-limited' })
    client.close()
    server.refusals.set('device:prove', { code: 'unavailable' })
    await openPage().start()
    await vi.waitFor(() => expect(ready().isLive).toBe(true))
  })

  it('counts also where the browser cannot write just now which one it is', async () => {
    await enrolled()
    server.swallowed.add('device:rotate')
    await expect(client.rotateKey()).rejects.toMatchObject({ code: 'server-unreachable' })
    vi.spyOn(store, 'write').mockRejectedValue(new Error('disk full'))
    server.connect()
    await vi.waitFor(() => expect(ready().isLive).toBe(true))
  })

  it('is proved again where the browser could not sign with it just now', async () => {
    await enrolled()
    server.drop()
    vi.spyOn(crypto.subtle, 'sign').mockRejectedValueOnce(new Error('no'))
    server.connect()
    await vi.waitFor(() => expect(ready().isLive).toBe(true))
  })
})

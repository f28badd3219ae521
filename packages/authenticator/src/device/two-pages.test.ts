/** Two tabs of one browser, which has one device. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CODE, deviceId } from '../testing/fixtures.testing.ts'
import { AuthenticatorClient } from './authenticator-client.ts'
import { client, enrolled, ready, server, store, useDevicePage } from './device-page.testing.ts'
import { createDeviceStore, type DeviceStore } from './device-store.ts'
import { FakeServer } from './fake-server.testing.ts'

useDevicePage()

let otherServer: FakeServer
let otherStore: DeviceStore
let other: AuthenticatorClient

beforeEach(() => {
  otherServer = new FakeServer(server)
  otherStore = createDeviceStore(store.name)
  other = openOther(otherStore)
})

const openOther = (kept: DeviceStore) =>
  new AuthenticatorClient({
    server: location.origin,
    store: kept,
    connection: otherServer.connection,
    policy: { nextDelayMs: () => 1 },
  })

afterEach(() => other.close())

const bothLive = () =>
  vi.waitFor(() =>
    expect([client, other].map((page) => page.getState())).toMatchObject([
      { isLive: true },
      { isLive: true },
    ]),
  )

describe('[AR11] a browser has one device, whichever of its pages sets it up', () => {
  it('a page at the welcome screen follows the one that was set up', async () => {
    await other.start()
    await enrolled()
    await bothLive()
    expect(server.devices.size).toBe(1)
  })

  it.each(['enroll', 'join', 'recover'] as const)(
    'a page that nobody told finds the device when it is to %s another',
    async (how) => {
      // A client subscribes when it is created.
      other.close()
      other = openOther({ ...otherStore, onChange: () => () => {} })
      await other.start()
      await enrolled()
      const { deviceId: first } = (await store.read())!
      if (how === 'enroll') await other.enroll('Again')
      if (how === 'join') await other.join(CODE, 'Again')
      if (how === 'recover') await other.recover('1112223334', CODE, 'Again')
      await bothLive()
      expect(server.devices.size).toBe(1)
      expect(await store.read()).toMatchObject({ deviceId: first })
    },
  )

  it.each([true, false])('set up in both at once, it is one (with locks: %s)', async (hasLocks) => {
    if (!hasLocks) vi.spyOn(navigator.locks, 'request').mockRejectedValue(new Error('none here'))
    await Promise.all([client.start(), other.start()])
    await Promise.all([client.enroll('One'), other.enroll('Other')])
    await bothLive()
    expect([...server.devices.keys()]).toEqual([deviceId(1)])
    expect(await store.read()).toMatchObject({ deviceId: deviceId(1) })
  })

  it('no write of a page takes the place of another device', async () => {
    await enrolled()
    const kept = (await store.read())!
    const late = { ...kept, deviceId: deviceId(9) }
    expect(await otherStore.write(late)).toMatchObject({ deviceId: kept.deviceId })
    expect(await store.read()).toMatchObject({ deviceId: kept.deviceId })
  })

  it('a page follows when the device is removed and set up anew in the other', async () => {
    await other.start()
    await enrolled()
    await bothLive()
    for (const page of [server, otherServer])
      page.tell('device:removed', { code: 'session-invalid', message: '' })
    await vi.waitFor(() => expect(other.getState().status).toBe('removed'))
    await client.startOver()
    await client.enroll('Again')
    await bothLive()
    expect(await otherStore.read()).toMatchObject({ deviceId: (await store.read())?.deviceId })
  })

  it('keys that the server may know already are the ones tried again, also after a reload', async () => {
    await client.start()
    server.swallowed.add('device:join')
    await expect(client.join(CODE, 'Firefox')).rejects.toMatchObject({ code: 'server-unreachable' })
    await other.start()
    await other.join(CODE, 'Firefox')
    expect(server.devices.size).toBe(1)
  })
})

describe('[AR11] recovery codes that nobody said were saved', () => {
  it('are asked about after a reload, until new ones are saved', async () => {
    await enrolled()
    expect(ready()).toMatchObject({ newCodes: expect.any(Array), codesUnsaved: true })
    client.close()
    await other.start()
    await vi.waitFor(() =>
      expect(other.getState()).toMatchObject({ isLive: true, newCodes: null, codesUnsaved: true }),
    )
    await other.renewCodes()
    await other.codesSaved()
    expect(other.getState()).toMatchObject({ newCodes: null, codesUnsaved: false })
    expect((await store.read())?.codesUnsaved).toBeUndefined()
  })

  it('are said to be saved for the other page as well', async () => {
    await other.start()
    await enrolled()
    await bothLive()
    expect(other.getState()).toMatchObject({ newCodes: null, codesUnsaved: true })
    await client.codesSaved()
    await vi.waitFor(() => expect(other.getState()).toMatchObject({ codesUnsaved: false }))
    await client.rotateKey()
    expect((await store.read())?.codesUnsaved).toBeUndefined()
  })

  it('are asked about where the answer with new ones was lost, and not where they were refused', async () => {
    await enrolled()
    await client.codesSaved()
    server.refusals.set('recovery:renew', { code: 'rate-limited' })
    await expect(client.renewCodes()).rejects.toMatchObject({ code: 'rate-limited' })
    expect(ready().codesUnsaved).toBe(false)
    server.unanswered.add('recovery:renew')
    await expect(client.renewCodes()).rejects.toMatchObject({ code: 'server-unreachable' })
    await vi.waitFor(() => expect(ready()).toMatchObject({ isLive: true, codesUnsaved: true }))
  })

  it('are as good as before where new ones could not even be asked for', async () => {
    await enrolled()
    await client.codesSaved()
    server.drop()
    await expect(client.renewCodes()).rejects.toMatchObject({ code: 'server-unreachable' })
    expect(ready().codesUnsaved).toBe(false)
    expect((await store.read())?.codesUnsaved).toBeUndefined()
  })

  it('a device that joined has none', async () => {
    await client.start()
    await client.join(CODE, 'Safari')
    expect(ready().codesUnsaved).toBe(false)
  })
})

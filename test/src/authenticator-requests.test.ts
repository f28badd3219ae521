/** Requests by identifier, from the SDK to a device and back, against the command's server. */
import { createAuthenticationClient } from '@chat-widget/authentication-requests'
import { expect, it, onTestFinished } from 'vitest'
import { type Authenticator, firstRequest, startAuthenticator } from './support/authenticator.ts'
import { startServer } from './support/server-process.ts'
import { API_KEY, shopConfig } from './support/shop.ts'
import { until } from './support/wait.ts'

async function start() {
  const server = await startServer({ config: shopConfig() })
  onTestFinished(() => server.close())
  const device = async (options: { readonly invitation?: string } = {}) => {
    const started: Authenticator = await startAuthenticator(server, options)
    onTestFinished(() => started.close())
    return started
  }
  const client = createAuthenticationClient({ server: server.url, app: 'shop' })
  const withKey = createAuthenticationClient({ server: server.url, app: 'shop', apiKey: API_KEY })
  onTestFinished(() => {
    client.close()
    withKey.close()
  })
  return { server, device, client, withKey }
}

it('[AR13] the blocking form waits until one of the person’s devices has answered', async () => {
  const { device, client, withKey } = await start()
  const phone = await device()
  const laptop = await device({ invitation: await phone.invite() })
  expect(laptop.identifier).toBe(phone.identifier)

  const asking = client.authentication().request(phone.identifier, { userName: 'Ann' })
  const request = await firstRequest(laptop)
  expect(request).toMatchObject({ app: { id: 'shop', name: 'Northwind' }, claims: { userName: 'Ann' } })
  expect((await firstRequest(phone)).id).toBe(request.id)
  expect(await laptop.answer(request, 'approved')).toEqual({ kind: 'decided', status: 'approved' })
  const res = await asking
  expect([res.isAccepted(), res.selfID, res.cid]).toEqual([true, phone.identifier, request.id])
  await until('the phone hears of it', () => phone.ended.length === 1)
  expect(phone.ended).toEqual([{ id: request.id, status: 'approved' }])
  expect(await phone.answer(request, 'denied')).toMatchObject({ kind: 'over', status: 'approved' })

  await phone.reconnect()
  // [AR7] A mute applies to the kind of caller that asked: here, with a key.
  const again = withKey.authentication().request(phone.identifier)
  expect(await phone.answer(await firstRequest(phone), 'denied', { mutes: true })).toMatchObject({
    kind: 'decided',
  })
  expect(await again).toMatchObject({ accepted: false, selfID: phone.identifier, status: 'denied' })
  // [AR12] Muted, or unknown: a caller with the key is told that nobody is asked.
  for (const identifier of [phone.identifier, '1112223334'])
    expect(await withKey.authentication().request(identifier)).toMatchObject({ status: 'unauthorized' })
})

it('[AR9] a server that is killed offers what is pending to the devices that come back', async () => {
  const { server, device, client } = await start()
  const phone = await device()
  const { cid, bindingCode } = await client
    .authentication()
    .request(phone.identifier, { async: true, binding: 'code' })
  await firstRequest(phone)
  await server.kill()
  await server.start()
  await phone.reconnect()
  const request = await firstRequest(phone)
  expect(request).toMatchObject({ id: cid, binding: 'code', codesLeft: 5 })
  const outcome = client.authentication().waitFor(cid)
  expect(await phone.answer(request, 'approved', { code: bindingCode ?? '' })).toMatchObject({
    kind: 'decided',
  })
  expect(await outcome).toMatchObject({ accepted: true, selfID: phone.identifier })
})

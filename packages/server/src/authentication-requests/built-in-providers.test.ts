import { randomBytes, randomUUID } from 'node:crypto'
import type { DeviceId } from '@chat-widget/protocol'
import { expect, it, vi } from 'vitest'
import { byKey, never, type Requests, SHOP, startRequests, wish } from './requests.testing.ts'

const identifier = '1112223334'
const toIdentifier = wish({ addressee: { kind: 'identifier', identifier }, creator: byKey })

/** A person whom the shop may ask. */
async function enroll({ storage }: Requests): Promise<void> {
  const coordinate = () => randomBytes(32).toString('base64url')
  const id = randomUUID() as string as DeviceId
  await storage.authenticators.enroll({
    ...{ identifier, recoveryHashes: ['hash'], at: Date.now() },
    device: { id, name: 'Phone', publicKey: { kty: 'EC', crv: 'P-256', x: coordinate(), y: coordinate() } },
  })
  await storage.authenticators.connect(id, SHOP, Date.now())
}

it('[AR12] a request for a connected person is kept for their devices, and mailed to nobody', async () => {
  const requests = await startRequests()
  await enroll(requests)
  const { record } = await requests.service.create(toIdentifier)
  const shown = async () => (await requests.service.pendingOf(identifier)).map((asked) => asked.record.id)
  await expect.poll(shown).toEqual([record.id])
  expect(requests.outbox.records).toEqual([])
  await requests.restart()
  expect(await shown(), 'after a restart').toEqual([record.id])
  expect((await requests.service.find(SHOP, record.id))?.status).toBe('pending')
})

it('[AR9] a request that was not shown before a restart is shown after it', async () => {
  const requests = await startRequests()
  await enroll(requests)
  const isReachable = vi.spyOn(requests.storage.authenticators, 'isReachable')
  isReachable.mockReturnValueOnce(new Promise(() => undefined))
  await requests.service.create(toIdentifier)
  await expect.poll(() => isReachable).toHaveBeenCalled()
  expect(await requests.service.pendingOf(identifier)).toEqual([])
  await requests.restart()
  await expect.poll(async () => (await requests.service.pendingOf(identifier)).length).toBe(1)
})

it('[AR12] an app that forwards its requests asks by email alone', async () => {
  const asked: string[] = []
  const provider = {
    async ask({ record }: { readonly record: { readonly id: string } }) {
      asked.push(record.id)
      return 'pending' as const
    },
  }
  const requests = await startRequests({ providers: new Map([[SHOP, provider]]) })
  await enroll(requests)
  const { record } = await requests.service.create(toIdentifier)
  expect((await requests.service.wait(record.id, 10_000, never)).status).toBe('unauthorized')
  expect(asked).toEqual([])
})

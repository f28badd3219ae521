import { RELEASE } from '@chat-widget/protocol'
import { afterEach, expect, it } from 'vitest'
import { createClientReleases } from './client-releases.ts'
import { startRealtime, type TestRealtime } from './realtime.testing.ts'

let server: TestRealtime | undefined
afterEach(() => server?.stop())

it('[OP10] connected clients are counted by the release they name, and told the server’s', async () => {
  server = await startRealtime()
  const { device, ready } = await server.visitor({ release: '9.8.7' })
  expect(ready.release).toBe(RELEASE)
  const agent = await server.agent()
  expect(agent.ready.release).toBe(RELEASE)
  expect(server.realtime.stats().clients).toEqual(
    new Map([
      ['9.8.7', 1],
      ['unknown', 1],
    ]),
  )
  device.close()
  await expect.poll(() => server?.realtime.stats().clients).toEqual(new Map([['unknown', 1]]))
})

it('[OP10] made-up releases share a label, and the server’s own has always one', () => {
  const { labelOf } = createClientReleases()
  const labels = new Set(Array.from({ length: 100 }, (_, index) => labelOf(`1.0.${index}`)))
  expect(labels.size).toBe(20)
  expect(labels.has('other')).toBe(true)
  expect(labelOf('1.0.0')).toBe('1.0.0')
  expect(labelOf('2.0.0')).toBe('other')
  expect(labelOf(RELEASE)).toBe(RELEASE)
})

/** Templates that agents keep, over the socket. */
import type { MessageTemplate } from '@chat-widget/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startRealtime, type TestRealtime } from './realtime.testing.ts'
import { newClientId, type TestDevice } from './test-device.testing.ts'

let server: TestRealtime
beforeAll(async () => {
  server = await startRealtime()
})
afterAll(() => server.stop())

const FORM = {
  form: { fields: [{ name: 'order', label: 'Order number', type: 'text' }], submit: 'Send' },
} as const
const listedBy = async (device: TestDevice) =>
  (await device.ask<{ templates: readonly MessageTemplate[] }>('templates:list', { app: 'shop' })).templates

it('[MK12] what one agent saves, each agent finds as it was, changes and deletes', async () => {
  const [{ device: grace }, { device: ada }] = [await server.agent('Grace'), await server.agent('Ada')]
  const id = newClientId()
  const saved = { id, name: 'Return', body: FORM }
  await grace.ask('template:save', { app: 'shop', ...saved })
  expect(await listedBy(ada)).toEqual([saved])
  await ada.ask('template:save', { app: 'shop', ...saved, id: id.toUpperCase(), name: 'Returns' })
  expect(await listedBy(grace)).toEqual([{ ...saved, name: 'Returns' }])
  for (const _ of [1, 2]) await ada.ask('template:delete', { app: 'shop', id })
  expect(await listedBy(grace)).toEqual([])
})

it('[MK12] takes nothing that an agent could not send, no file, and nothing of an app that is none', async () => {
  const { device } = await server.agent('Grace')
  const save = (changes: object) =>
    device.refusal('template:save', {
      ...{ app: 'shop', id: newClientId(), name: 'x', body: { text: 'x' } },
      ...changes,
    })
  const bodies = [
    { text: ' ' },
    { text: 'x', more: 1 },
    { cards: [{ title: 'x', buttons: [{ label: 'x', url: 'javascript:alert(1)' }] }] },
    { to: 1, values: {} },
    { file: { id: newClientId() } },
  ]
  for (const body of bodies) expect((await save({ body })).code).toBe('bad-request')
  expect((await save({ name: ' ' })).code).toBe('bad-request')
  expect((await save({ app: 'none' })).code).toBe('unknown-app')
  expect((await device.refusal('templates:list', { app: 'none' })).code).toBe('unknown-app')
  expect(await listedBy(device)).toEqual([])
})

it('[MK12] says when there is no room left', async () => {
  const { device } = await server.agent('Grace')
  const text = 'x'.repeat(8_000)
  const save = (name: string) =>
    device.request<null>('template:save', { app: 'shop', id: newClientId(), name, body: { text } })
  let saved = 0
  let last = await save('0')
  for (; last.ok; last = await save(`${saved}`)) saved += 1
  expect(saved).toBe(32)
  expect(last).toMatchObject({ error: { code: 'too-large' } })
  expect(await listedBy(device)).toHaveLength(32)
})

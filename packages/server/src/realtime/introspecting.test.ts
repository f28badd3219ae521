/** A company whose endpoint is asked about each context: one device's contexts must not stop those of others. */
import type { Authenticated } from '@chat-widget/protocol'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { startRealtime, type TestRealtime } from './realtime.testing.ts'
import type { TestDevice } from './test-device.testing.ts'

let server: TestRealtime
beforeAll(async () => {
  server = await startRealtime({ context: ({ url }) => ({ kind: 'introspect', url: `${url}/verify` }) })
})
afterAll(() => server.stop())
beforeEach(() => {
  server.company.behaviour.api = ({ body }) => {
    const { userIdentifier, context } = JSON.parse(body)
    return context.fail === true
      ? { status: 500, body: {} }
      : { status: 200, body: { userIdentifier: context.id ?? userIdentifier } }
  }
})

const request = (userIdentifier: string, context: object) => ({
  userIdentifier,
  context,
  mergePolicy: 'merge',
})
const signIn = (device: TestDevice, userIdentifier: string, context: object = {}) =>
  device.ask<Authenticated>('identity:authenticate', request(userIdentifier, context))

it('[ID9] one device whose contexts make the company fail is refused alone', async () => {
  const { device: bad } = await server.visitor({ intent: 'identify' })
  const codes: string[] = []
  for (let i = 0; i < 7; i += 1)
    codes.push((await bad.refusal('identity:authenticate', request('ada', { fail: true }))).code)
  expect(new Set(codes)).toEqual(new Set(['verifier-unavailable']))
  expect(server.company.apiCalls).toHaveLength(5)

  const { device: good } = await server.visitor({ intent: 'identify' })
  expect((await signIn(good, 'ada')).identity).toMatchObject({ userIdentifier: 'ada' })
})

it('[ID9] a customer whom the company knows by a number signs in', async () => {
  const { device } = await server.visitor({ intent: 'identify' })
  expect((await signIn(device, '42', { id: 42 })).identity).toMatchObject({ userIdentifier: '42' })
})

it('[ID9] an answer that cannot be read is told as such, and keeps nobody else out', async () => {
  for (let i = 0; i < 6; i += 1) {
    const { device } = await server.visitor({ intent: 'identify' })
    const error = await device.refusal('identity:authenticate', request('ada', { id: ['ada'] }))
    expect(error.code).toBe('context-invalid')
    expect(error.message).toContain('userIdentifier: ')
  }
  const { device } = await server.visitor({ intent: 'identify' })
  expect((await signIn(device, 'ada')).identity).toMatchObject({ userIdentifier: 'ada' })
})

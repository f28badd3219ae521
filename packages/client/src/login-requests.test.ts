import type { MessageId } from '@chat-widget/protocol'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { LoginRequests } from './login-requests.ts'
import { createMemoryStorage } from './storage/memory-storage.ts'

const OTHER_CARD = { reason: 'message', messageId: 'm2' as MessageId, conversationId: null } as const
const CARD = { reason: 'message', messageId: 'm1' as MessageId, conversationId: null } as const
let storage = createMemoryStorage()
let logins: LoginRequests

beforeEach(() => {
  vi.useFakeTimers()
  storage = createMemoryStorage()
  logins = new LoginRequests(storage, 1_000)
})
afterEach(() => {
  logins.close()
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

it('[ID15] times out, and then a tap begins anew', async () => {
  const { login } = logins.request(CARD)
  await vi.advanceTimersByTimeAsync(999)
  expect(logins.request(CARD)).toEqual({ login, isNew: false })
  await vi.advanceTimersByTimeAsync(1)
  expect(logins.list()).toMatchObject([{ requestId: login.requestId, state: { status: 'timed-out' } }])
  const again = logins.request(CARD)
  expect(again.isNew).toBe(true)
  expect(again.login.requestId).not.toBe(login.requestId)
  expect(logins.list()).toHaveLength(1)
})

it('[AR14] of the chat’s own lasts longer than the code, however late it was asked for', async () => {
  const { login } = logins.request(CARD)
  await vi.advanceTimersByTimeAsync(900)
  logins.take(login.requestId)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(logins.list()).toMatchObject([{ isBuiltIn: true, state: { status: 'requested' } }])
  logins.take(login.requestId)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(logins.list()).toMatchObject([{ state: { status: 'requested' } }])
  await vi.advanceTimersByTimeAsync(60_000)
  expect(logins.list()).toMatchObject([{ state: { status: 'timed-out' } }])
})

it('[ID15] ends once: what came first counts', () => {
  const { login } = logins.request(CARD)
  logins.cancel(login.requestId)
  logins.fail(login.requestId, 'wrong password')
  logins.signedIn()
  expect(logins.list()).toMatchObject([{ state: { status: 'canceled' } }])
})

it('[ID15] fails with the host’s reason', () => {
  const { login } = logins.request(CARD)
  logins.fail(login.requestId, 'wrong password')
  expect(logins.list()[0]?.state).toEqual({ status: 'failed', reason: 'wrong password' })
})

it('[ID15] goes on after a reload, and times out when its time is over', async () => {
  const { login } = logins.request(CARD)
  await vi.advanceTimersByTimeAsync(500)
  logins.close()
  const next = new LoginRequests(storage, 1_000)
  await next.load()
  expect(next.list()).toEqual([login])
  await vi.advanceTimersByTimeAsync(500)
  expect(next.list()).toMatchObject([{ state: { status: 'timed-out' } }])
  next.close()
})

it('[ID15] that nobody has answered when its time is over has timed out on the next page', async () => {
  const { login } = logins.request(CARD)
  logins.close()
  await vi.advanceTimersByTimeAsync(1_001)
  const next = new LoginRequests(storage, 1_000)
  await next.load()
  expect(next.list()).toEqual([{ ...login, state: { status: 'timed-out' } }])
  expect(next.request(CARD).isNew).toBe(true)
  next.close()
})

it('[ID15] is the next one’s to end, and not of one that was closed before it had read what is stored', async () => {
  logins.request(CARD)
  logins.close()
  const closed = new LoginRequests(storage, 1_000)
  const loading = closed.load()
  closed.close()
  await loading
  expect(vi.getTimerCount()).toBe(0)
})

it('[ID15] is ended by the host who comes back and does not wait for what is stored', async () => {
  const { login } = logins.request(CARD)
  const { login: other } = logins.request(OTHER_CARD)
  logins.close()
  const next = new LoginRequests(storage, 1_000)
  next.cancel(login.requestId)
  next.fail(other.requestId, 'no account')
  await next.load()
  expect(next.list()).toMatchObject([
    { requestId: login.requestId, state: { status: 'canceled' } },
    { requestId: other.requestId, state: { status: 'failed', reason: 'no account' } },
  ])
  next.close()
})

it('[ID15] has failed when nobody could be signed in', () => {
  logins.request(CARD)
  logins.failed()
  expect(logins.list()).toMatchObject([{ state: { status: 'failed', reason: '' } }])
})

it('[ID6] forgets at sign-in what became of an earlier "Sign in again"', () => {
  const { login } = logins.request({ reason: 'expired', messageId: null, conversationId: null })
  logins.fail(login.requestId, 'locked')
  logins.signedIn()
  expect(logins.list()).toEqual([])
})

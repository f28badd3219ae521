import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openStorage } from '../storage/open-storage.ts'
import type { Storage } from '../storage/storage.ts'
import { AGENT_SESSION_MS, type AgentAccounts, createAgentAccounts } from './agent-accounts.ts'
import { CHEAP_PASSWORDS } from './cheap-passwords.testing.ts'

let folder: string
let storage: Storage
let agents: AgentAccounts
/** Accounts with passwords at their production cost. */
let careful: AgentAccounts
let now = Date.now()
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chat-agents-'))
  storage = await openStorage({ dataDir: folder })
  agents = createAgentAccounts({ storage, now: () => now, passwordCost: CHEAP_PASSWORDS })
  careful = createAgentAccounts({ storage, now: () => now })
  await agents.add({ name: 'Ana', email: 'Ana@Example.com', password: 'first password' })
})
afterAll(async () => {
  await storage.close()
  rmSync(folder, { recursive: true })
})

it('signs in by email, whatever its case, and the right password only', async () => {
  expect(await agents.signIn('ana@example.COM', 'first password')).toMatchObject({ agent: { name: 'Ana' } })
  expect(await agents.signIn('ana@example.com', 'First password')).toBeNull()
  expect(await agents.signIn('ben@example.com', 'first password')).toBeNull()
})

it('takes the same password however its letters are composed', async () => {
  await agents.add({ name: 'Zoë', email: 'zoe@example.com', password: 'Zo\u00eb’s password' })
  expect(await agents.signIn('zoe@example.com', 'Zoe\u0308’s password')).not.toBeNull()
})

it('stores neither password nor token', async () => {
  await careful.add({ name: 'Dora', email: 'dora@example.com', password: 'first password' })
  const signedIn = await careful.signIn('dora@example.com', 'first password')
  const record = await storage.agents.findByEmail('dora@example.com')
  expect(record?.passwordHash).toMatch(/^scrypt\$15\$8\$3\$[\w-]{22}\$[\w-]{43}$/)
  expect(signedIn!.token).toMatch(/^[\w-]{43}$/)
  expect(await storage.agents.findBySession(signedIn!.token, now)).toBeNull()
})

it('ends a session after 12 hours', async () => {
  const signedIn = await agents.signIn('ana@example.com', 'first password')
  expect(signedIn!.expiresAt).toBe(now + AGENT_SESSION_MS)
  now += AGENT_SESSION_MS - 1
  expect(await agents.authenticate(signedIn!.token)).toMatchObject({ name: 'Ana' })
  now += 2
  expect(await agents.authenticate(signedIn!.token)).toBeNull()
})

it('ends a session by signing out, and no other', async () => {
  const one = await agents.signIn('ana@example.com', 'first password')
  const two = await agents.signIn('ana@example.com', 'first password')
  await agents.signOut(one!.token)
  expect(await agents.authenticate(one!.token)).toBeNull()
  expect(await agents.authenticate(two!.token)).not.toBeNull()
})

it('changes a password', async () => {
  await agents.add({ name: 'Cid', email: 'cid@example.com', password: 'old password' })
  expect(await agents.setPassword('cid@example.com', 'new password')).toMatchObject({ name: 'Cid' })
  expect(await agents.signIn('cid@example.com', 'old password')).toBeNull()
  expect(await agents.signIn('cid@example.com', 'new password')).not.toBeNull()
  expect(await agents.setPassword('nobody@example.com', 'new password')).toBeNull()
})

it('has one account per email', async () => {
  const again = agents.add({ name: 'Ann', email: 'ANA@example.com', password: 'second password' })
  await expect(again).rejects.toMatchObject({ code: 'agent-exists' })
})

it('does the same work for an unknown email', async () => {
  const measure = async (email: string) => {
    const before = process.cpuUsage()
    await careful.signIn(email, 'wrong password')
    return process.cpuUsage(before).user
  }
  await careful.add({ name: 'Eli', email: 'eli@example.com', password: 'first password' })
  await measure('eli@example.com')
  const known = await measure('eli@example.com')
  const unknown = await measure('nobody@example.com')
  // Without a hash to compute, the answer would come some hundred times sooner.
  expect(unknown).toBeGreaterThan(known / 5)
})

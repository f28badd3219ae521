import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { AppId, ConversationId, FileId } from '@chat-widget/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Storage } from '../storage/storage.ts'
import { openTestStorage, releaseTestStorage } from '../storage/test-storage.testing.ts'
import { createFiles, type Files } from './create-files.ts'
import { PNG } from './pictures/samples.testing.ts'

const HOUR_MS = 3_600_000
const app = 'shop' as AppId
const conversationId = '5f0c8a34-53a6-4b53-8f5f-0c2b4de2a001' as ConversationId

const dataDir = mkdtempSync(join(tmpdir(), 'chat-upkeep-'))
let now = Date.UTC(2026, 10, 29)
let storage: Storage
let files: Files
beforeAll(async () => {
  storage = await openTestStorage(dataDir)
  files = await createFiles({ config: { dataDir }, apps: new Map(), storage, now: () => now })
})
afterAll(async () => {
  await storage.close()
  releaseTestStorage(dataDir)
  rmSync(dataDir, { recursive: true })
})

const namesOf = (id: FileId) => {
  const folder = join(dataDir, 'files')
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.includes(id) && statSync(join(folder, name)).isFile(),
  )
}
const purge = async () => {
  const walk = files.purge()
  let deleted = 0
  for (let isDone = false; !isDone; ) {
    const step = await walk.run(1)
    deleted += step.deleted
    isDone = step.isDone
  }
  return deleted
}

it('[FI9] what was not sent within a day is deleted, begun or whole, and its bytes with it', async () => {
  const announced = {
    app,
    uploader: { kind: 'app', conversationId },
    name: 'tent.png',
    size: PNG.length,
  } as const
  const whole = await files.service.take(announced, Readable.from([PNG], { objectMode: false }))
  const { fileId: begun } = await files.service.announce(announced, null)
  expect([namesOf(whole), namesOf(begun)].map((names) => names.length)).toEqual([1, 2])
  now += 23 * HOUR_MS
  expect(await purge()).toBe(0)
  now += 2 * HOUR_MS
  expect(await purge()).toBe(2)
  expect([...namesOf(whole), ...namesOf(begun)]).toEqual([])
  expect(await storage.files.find(whole)).toBeNull()
  expect(await purge()).toBe(0)
})

/** A file that is removed under the server: no message is acknowledged that a restart would not find. */
import { existsSync } from 'node:fs'
import { copyFile, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { newSecretHash, SHOP, START, stored, visitorText } from './contract-fixture.testing.ts'
import { openStorage } from './open-storage.ts'
import type { Storage } from './storage.ts'

let folder: string
let path: string
let storage: Storage
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chat-file-'))
  path = join(folder, 'chat.db')
  storage = await openStorage({ dataDir: folder })
})
afterEach(async () => {
  await storage.close()
  await rm(folder, { recursive: true, force: true })
})

const begin = () => storage.sessions.createAnonymous({ app: SHOP, secretHash: newSecretHash(), at: START })
const GONE = {
  code: 'unavailable',
  cause: expect.objectContaining({ code: 'CHAT_FILE_REPLACED' }),
}

it('[DL8] acknowledges nothing while its file is deleted, and goes on when it is back', async () => {
  const session = await begin()
  await storage.messages.append(visitorText(session, 'before'))
  await rename(path, `${path}.away`)
  await expect(storage.messages.append(visitorText(session, 'into nothing'))).rejects.toMatchObject(GONE)
  await expect(storage.ping()).rejects.toMatchObject(GONE)
  expect(existsSync(path)).toBe(false)
  await rename(`${path}.away`, path)
  const { message } = stored(await storage.messages.append(visitorText(session, 'after')))
  expect(message.seq).toBe(2)
})

it('[DL8] acknowledges nothing into a file that another one has replaced', async () => {
  const session = await begin()
  await copyFile(path, `${path}.copy`)
  await rename(`${path}.copy`, path)
  await expect(storage.messages.append(visitorText(session, 'into nothing'))).rejects.toMatchObject(GONE)
})

it('[DL8] acknowledges nothing while its log is deleted: commits stand there first', async () => {
  const session = await begin()
  await rm(`${path}-wal`)
  await expect(storage.messages.append(visitorText(session, 'into nothing'))).rejects.toMatchObject(GONE)
})

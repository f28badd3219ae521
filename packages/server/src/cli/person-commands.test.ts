import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ConversationId } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import { openFileStore } from '../files/create-files.ts'
import { personExport } from '../persons/person-export.ts'
import { plantPerson } from '../storage/person.testing.ts'
import type { Storage } from '../storage/storage.ts'
import { runCommand, useCommandStorage } from './command-storage.testing.ts'

let folder: string
let storage: Storage
useCommandStorage((opened) => {
  folder = opened.folder
  storage = opened.storage
})

/** The line of docs/privacy.md that calls the command. */
function documented(command: string, user: string, out: string): readonly string[] {
  const page = readFileSync(new URL('../../../../docs/privacy.md', import.meta.url), 'utf8')
  const line = page.split('\n').find((one) => one.startsWith(`chat-widget-server ${command} `))
  if (line === undefined) throw new Error(`docs/privacy.md does not show ${command}`)
  const here = { 'alex@example.com': user, './alex': out, '/var/lib/chat-widget': folder }
  return line
    .split(' ')
    .slice(1)
    .map((argument) => here[argument as keyof typeof here] ?? argument)
}

it('[PD4] [PD1] writes a customer with their files into a folder, and erases them, as the documentation says', async () => {
  const agent = await storage.agents.add({
    ...{ name: 'Grace', email: 'grace@example.com', passwordHash: 'x', role: 'agent', at: Date.now() },
  })
  const { userIdentifier, fileId, words, conversationId } = await plantPerson(storage, {
    ...{ mark: 'planted', agentId: agent.id, at: Date.now() },
  })
  const store = await openFileStore({ dataDir: folder })
  await store.keep(fileId, Buffer.from('the bytes'))
  const out = join(folder, 'export')
  expect(await runCommand(documented('export', userIdentifier, out))).toEqual({
    ...{ code: 0, err: '' },
    out: `exported: ${out} (1 conversations)\n`,
  })
  const text = readFileSync(join(out, 'person.json'), 'utf8')
  const [file] = personExport.parse(JSON.parse(text)).files
  expect(words.filter((word) => !text.toLowerCase().includes(word.toLowerCase()))).toEqual([])
  expect(readFileSync(join(out, file?.path ?? ''), 'utf8')).toBe('the bytes')
  expect(statSync(join(out, 'person.json')).mode & 0o077).toBe(0)

  const erased = await runCommand(documented('erase', userIdentifier, out))
  expect(erased).toMatchObject({ code: 0, err: '' })
  expect(erased.out).toMatch(/^users: 1$/m)
  const isLeft = async (id: ConversationId) => (await storage.conversations.find(id)) !== null
  expect(await isLeft(conversationId)).toBe(true)
  const other = await plantPerson(storage, { mark: 'other', agentId: agent.id, at: Date.now() })
  const whole = await runCommand([...documented('erase', other.userIdentifier, out), '--whole'])
  expect([whole.code, await isLeft(other.conversationId)]).toEqual([0, false])
  expect(await runCommand(documented('erase', userIdentifier, out))).toMatchObject({
    ...{ code: 1, out: '', err: expect.stringContaining('nothing is kept of this user in the app shop') },
  })
  expect(await runCommand(['erase', userIdentifier])).toMatchObject({
    code: 2,
    err: expect.stringContaining('--app'),
  })
  expect(await runCommand(['export', userIdentifier, '--app', 'shop'])).toMatchObject({ code: 2 })
})

it('[PD4] says of the folder that it cannot make', async () => {
  const agent = await storage.agents.add({
    ...{ name: 'Alan', email: 'alan@example.com', passwordHash: 'x', role: 'agent', at: Date.now() },
  })
  const { userIdentifier } = await plantPerson(storage, { mark: 'kept', agentId: agent.id, at: Date.now() })
  const problem = async (out: string) =>
    (await runCommand(['export', userIdentifier, '--app', 'shop', '--data', folder, '--out', out])).err
  expect(await problem(folder)).toBe(`chat-widget-server: ${folder} exists already; nothing was changed\n`)
  const nowhere = join(folder, 'none', 'export')
  expect(await problem(nowhere)).toBe(
    `chat-widget-server: cannot write ${nowhere} (no such folder); choose another --out\n`,
  )
})

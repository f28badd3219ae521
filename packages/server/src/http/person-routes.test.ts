import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { AgentId, AppId, ConversationId } from '@chat-widget/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { personExport } from '../persons/person-export.ts'
import { plantPerson } from '../storage/person.testing.ts'
import { KEYS, startHttp } from './http-server.testing.ts'

let server: Awaited<ReturnType<typeof startHttp>>
let agentId: AgentId
beforeAll(async () => {
  server = await startHttp()
  const agent = { name: 'Grace', email: 'grace@example.com', password: 'correct horse' }
  agentId = (await server.agents.add(agent)).id
})
afterAll(() => server.stop())

const post = (what: 'export' | 'erase', payload: object, key: string = KEYS.shop) =>
  server.http.inject({
    ...{ method: 'POST', url: `/v1/apps/shop/users/${what}`, payload },
    headers: { authorization: `Token ${key}` },
  })

const SCHEMA = '../../../../docs/public/person-export.schema.json'

it('[PD4] the published schema is the one that exports have', () => {
  const published = JSON.parse(readFileSync(new URL(SCHEMA, import.meta.url), 'utf8'))
  expect(published).toEqual(JSON.parse(JSON.stringify(z.toJSONSchema(personExport))))
})

it('[PD4] [PD1] exports everything of a user, by the schema, without agents’ ids and hashes; erases it; then nothing is found', async () => {
  const planted = await plantPerson(server.storage, { mark: 'planted', count: 700, agentId, at: Date.now() })
  const { userIdentifier } = planted
  const exported = await post('export', { userIdentifier })
  expect([exported.statusCode, exported.headers['content-type']]).toEqual([
    200,
    'application/json; charset=utf-8',
  ])
  const document = personExport.parse(exported.json())
  // A trace's key and the deleted edit are in it as well.
  expect(planted.words.filter((word) => !exported.body.toLowerCase().includes(word.toLowerCase()))).toEqual(
    [],
  )
  const [conversation] = document.conversations
  expect(conversation?.messages.map(({ seq }) => seq)).toEqual(
    conversation?.messages.map((_, index) => index + 1),
  )
  expect(document.files).toMatchObject([{ path: `/v1/apps/shop/files/${planted.fileId}` }])
  expect(exported.body).not.toMatch(/hash-|secret_hash/)
  expect(JSON.stringify(conversation?.messages)).not.toContain(agentId)

  const erased = await post('erase', { userIdentifier })
  expect(erased.json()).toMatchObject({ erased: { users: 1, conversations: 1 } })
  expect((await post('erase', { userIdentifier })).json()).toEqual({ erased: {} })
  expect((await post('export', { userIdentifier })).statusCode).toBe(404)
})

it.each(['planted\0twin', '\ud800'])('[PD1] a name that cannot be stored, %j, is nobody’s', async (name) => {
  for (const twin of ['planted', '\ufffd'])
    await server.storage.users.findOrMake({ app: 'shop' as AppId, userIdentifier: twin, at: Date.now() })
  for (const what of ['export', 'erase'] as const)
    expect((await post(what, { userIdentifier: name })).json().error).toMatchObject({
      code: 'bad-request',
      message: 'userIdentifier: holds characters that cannot be stored',
    })
})

it('[PD5] leaves what agents wrote, unless the whole is wanted', async () => {
  const written = async (conversationId: ConversationId) => {
    const messages = await server.storage.messages.list({ conversationId, limit: 100 })
    return messages.flatMap(({ text, deleted }) => (deleted ? [] : [text]))
  }
  const planted = (mark: string) => plantPerson(server.storage, { mark, agentId, at: Date.now() })
  const [one, other] = [await planted('one'), await planted('other')]
  await post('erase', { userIdentifier: one.userIdentifier })
  await post('erase', { userIdentifier: other.userIdentifier, whole: true })
  expect(await written(one.conversationId)).toContain(`${one.agentsWord} I can help`)
  expect(await written(other.conversationId)).toEqual([])
})

it('[PD1] needs the app’s key, and a name', async () => {
  expect((await post('erase', { userIdentifier: 'ada' }, KEYS.other)).statusCode).toBe(401)
  expect((await post('erase', {})).json()).toMatchObject({ error: { code: 'bad-request' } })
  expect((await post('export', { userIdentifier: randomUUID(), method: 'phone' })).statusCode).toBe(400)
})

import type { AppId, TemplateId } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import { isWellFormed } from './agent-requests.testing.ts'
import { createAgentTemplates } from './agent-templates.ts'

const SHOP = 'shop' as AppId

it('[MK12] saves under a new id, or the one that is given, what the server can store', async () => {
  const asked: unknown[] = []
  const templates = createAgentTemplates(async (_name, payload) => {
    asked.push(payload)
    return { ok: true, value: null } as never
  })
  await templates.save(SHOP, { name: 'One \ud800', body: { text: 'Hi' } })
  const [{ id, ...rest }] = asked as [{ id: TemplateId }]
  expect(rest).toEqual({ app: 'shop', name: 'One \ufffd', body: { text: 'Hi' } })
  await templates.save(SHOP, { id, name: 'One', body: { text: 'Hi' } })
  expect(asked[1]).toMatchObject({ id })
  for (const payload of asked) expect(isWellFormed('template:save', payload)).toBe(true)
})

it('rejects with the code of the server', async () => {
  const error = { code: 'too-large', message: 'no room' } as const
  const templates = createAgentTemplates(async () => ({ ok: false, error }))
  const saving = templates.save(SHOP, { name: 'One', body: { text: 'Hi' } })
  await expect(saving).rejects.toMatchObject({ code: 'too-large' })
  await expect(templates.list(SHOP)).rejects.toMatchObject({ code: 'too-large' })
})

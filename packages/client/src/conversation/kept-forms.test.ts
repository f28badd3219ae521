import { LIMITS } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import { createMemoryStorage } from '../storage/memory-storage.ts'
import { createResilientStorage } from '../storage/resilient-storage.ts'
import { Draft } from './draft.ts'
import { DRAFTS_KEY, swapDrafts } from './kept-drafts.ts'
import { formDraft } from './kept-forms.ts'

const ADA = 'user:ada'

/** A page of a visitor's, on their storage. */
function openPage(storage = createMemoryStorage(), owner = ADA) {
  const visit = new AbortController()
  const identity = { owner, visit: visit.signal }
  const client = { parts: { storage, identity } }
  const loaded = (form: string) =>
    new Promise<Readonly<Record<string, string>>>((resolve) => {
      const draft = formDraft(client, form, () => resolve(draft.values))
    })
  return {
    ...{ storage, identity, visit, loaded },
    draft: (form = 'a') => formDraft(client, form, () => {}),
    stored: () => storage.get<{ readonly forms?: object }>(DRAFTS_KEY),
  }
}
/** Resolves when all that was to be written is. */
const written = () => new Promise((resolve) => setTimeout(resolve, 20))

it('[CV11] what was typed into a form is there after a reload, until the form is answered', async () => {
  const { storage, draft, stored } = openPage()
  draft().set('name', 'Ad')
  draft().set('name', 'Ada')
  draft().set('mail', 'ada@')
  draft('b').set('order', '17')
  await written()
  const next = openPage(storage)
  expect(await next.loaded('a')).toEqual({ name: 'Ada', mail: 'ada@' })
  next.draft().drop()
  expect(next.draft().values).toEqual({})
  await written()
  expect((await stored())?.forms).toEqual({ b: { order: '17' } })
})

it('[CV11] what is typed while an earlier value is read is newer', async () => {
  const { storage, draft } = openPage()
  draft().set('name', 'Ada')
  draft().set('mail', 'ada@')
  await written()
  const next = openPage(storage)
  const loading = next.loaded('a')
  next.draft().set('name', 'Grace')
  expect(await loading).toEqual({ name: 'Grace', mail: 'ada@' })
})

it('[CV11] is kept beside the drafts of texts, whichever conversation is shown', async () => {
  const { storage, draft, stored } = openPage()
  draft().set('name', 'Ada')
  await written()
  const resilient = createResilientStorage(storage, { onFailure() {}, onRecovery() {} })
  const text = new Draft(resilient, 'anonymous', () => {})
  text.text = 'half a sentence'
  const place = (id: string) => ({ id: id as never, headSeq: 1 })
  await swapDrafts(storage, text, ADA, place('one'), place('two'))
  draft().set('mail', 'ada@')
  await written()
  expect(await stored()).toEqual({
    owner: ADA,
    texts: { one: 'half a sentence' },
    forms: { a: { name: 'Ada', mail: 'ada@' } },
  })
})

it('[ID12] [ID13] is of who typed it: nothing is shown or written once they have signed out', async () => {
  const { storage, draft, visit, stored } = openPage()
  draft().set('name', 'Ada')
  await written()
  draft().set('name', 'Ada L.')
  visit.abort()
  // As signing out does.
  await storage.update(DRAFTS_KEY, () => undefined)
  const late = draft()
  late.set('name', 'Late')
  await written()
  expect([late.values, await stored()]).toEqual([{}, undefined])
})

it('[ID12] another user’s is not shown; an anonymous visitor’s is, to who they turn out to be', async () => {
  const ada = openPage()
  ada.draft().set('name', 'Ada')
  await written()
  const grace = openPage(ada.storage, 'user:grace')
  grace.draft().set('mail', 'grace@')
  await written()
  expect((await grace.stored())?.forms).toEqual({ a: { mail: 'grace@' } })

  const somebody = openPage(createMemoryStorage(), 'anonymous')
  somebody.draft().set('name', 'Ada')
  await written()
  expect(await openPage(somebody.storage, ADA).loaded('a')).toEqual({ name: 'Ada' })
})

it('[CV11] is bounded: so many forms, so many characters', async () => {
  const { draft, stored } = openPage()
  for (let index = 0; index < 22; index += 1) draft(`form-${index}`).set('more', 'x'.repeat(100_000))
  await written()
  const forms = Object.entries((await stored())?.forms ?? {})
  expect(forms).toHaveLength(20)
  for (const [, values] of forms) expect(values).toEqual({ more: 'x'.repeat(LIMITS.longAnswerLength) })
})

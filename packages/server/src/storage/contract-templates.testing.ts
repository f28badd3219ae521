/** The contract of templates. */
import { randomUUID } from 'node:crypto'
import type { AppId, MessageTemplate, TemplateId } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import { type Fixture, SHOP, START } from './contract-fixture.testing.ts'

const ROOM = { templates: 3, bytes: 200 }
const TRAVEL = 'travel' as AppId

export function templateContract(fixture: Fixture): void {
  const templates = () => fixture.storage.templates
  const template = (name: string, body: MessageTemplate['body'] = { text: name }): MessageTemplate => ({
    ...{ id: randomUUID() as string as TemplateId, name, body },
  })
  const save = (one: MessageTemplate, app = SHOP) => templates().save(app, one, START, ROOM)

  it('[MK12] keeps templates of an app by name, replaces by id, and deletes', async () => {
    const [two, one] = [
      template('two', { cards: [{ title: 'Tent', buttons: [{ label: 'Buy', value: 'b' }] }] }),
      template('one'),
    ]
    expect([await save(two), await save(one)]).toEqual([true, true])
    expect(await templates().list(SHOP)).toEqual([one, two])
    expect(await templates().list(TRAVEL)).toEqual([])
    const renamed = { ...one, name: 'zero \ufffd', body: { text: '**more**', format: 'plain' } } as const
    await save({ ...renamed, name: 'zero \ud800' })
    await templates().remove(SHOP, two.id)
    await templates().remove(SHOP, two.id)
    await fixture.reopen()
    expect(await templates().list(SHOP)).toEqual([renamed])
  })

  it('[MK12] an id is of one app alone', async () => {
    const one = template('one')
    await save(one)
    await save({ ...one, name: 'other' }, TRAVEL)
    await templates().remove(TRAVEL, one.id)
    expect(await templates().list(SHOP)).toEqual([one])
  })

  it('[MK12] keeps no more than there is room for, and replaces within it', async () => {
    const [first, second, third] = [template('1'), template('2'), template('3')]
    for (const one of [first, second, third]) expect(await save(one)).toBe(true)
    expect(await save(template('4'))).toBe(false)
    expect(await save({ ...third, body: { text: 'x'.repeat(170) } })).toBe(false)
    expect(await save({ ...third, body: { text: 'x'.repeat(120) } })).toBe(true)
    expect(await save({ ...third, body: { text: 'é'.repeat(120) } })).toBe(false)
    await templates().remove(SHOP, first.id)
    expect(await save(template('4'))).toBe(true)
    expect((await templates().list(SHOP)).map(({ name }) => name)).toEqual(['2', '3', '4'])
  })
}

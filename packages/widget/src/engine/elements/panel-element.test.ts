import { fixtureSync, html } from '@open-wc/testing'
import { expect, it } from 'vitest'
import { ENGLISH_WORDS } from '../load-strings.ts'
import { onDemand } from '../on-demand.ts'
import { PanelElement } from './panel-element.ts'

const part = onDemand(async () => ({ word: 'later' }))

class Sum extends PanelElement {
  static override defaults = { left: 1, right: 2, total: 0 } satisfies Partial<Sum>
  declare left: number
  declare right: number
  declare total: number
  readonly changes: (readonly [PropertyKey, unknown])[][] = []

  protected override willUpdate(): void {
    this.total = this.left + this.right
  }

  protected override draw(): void {
    this.renderRoot.textContent = `${this.total} ${this.words.strings.you} ${this.need(part)?.word ?? 'now'}`
  }

  protected override updated(changed: ReadonlyMap<PropertyKey, unknown>): void {
    this.changes.push([...changed])
  }
}
PanelElement.define('test-sum', Sum)

const mount = () => fixtureSync<Sum>(html`<test-sum></test-sum>`)

it('shows changes made together once, and tells the values that were shown before', async () => {
  const sum = mount()
  await sum.updateComplete
  sum.left = 3
  sum.left = 4
  sum.right = 2
  await sum.updateComplete
  expect(sum.renderRoot.textContent).toContain('6 You')
  expect(sum.changes.at(-1)).toEqual([
    ['left', 1],
    ['total', 3],
  ])
  const { length } = sum.changes
  sum.left = 4
  await sum.updateComplete
  expect(sum.changes).toHaveLength(length)
})

it('takes what was set before it came into the document, and shows it there', async () => {
  const sum = document.createElement('test-sum') as Sum
  sum.left = 10
  sum.words = { ...ENGLISH_WORDS, strings: { ...ENGLISH_WORDS.strings, you: 'Tú' } }
  await sum.updateComplete
  expect(sum.renderRoot.textContent).toBe('')
  fixtureSync(html`${sum}`)
  await sum.updateComplete
  expect(sum.renderRoot.textContent).toContain('12 Tú')
})

it('updates once a part that it needs has come', async () => {
  const sum = mount()
  await sum.updateComplete
  await expect.poll(() => sum.renderRoot.textContent).toContain('later')
})

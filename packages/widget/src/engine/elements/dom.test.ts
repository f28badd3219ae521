import { fixtureSync, html } from '@open-wc/testing'
import { describe, expect, it } from 'vitest'
import { keepChildren, make, put } from './dom.ts'

const box = () => fixtureSync<HTMLElement>(html`<div></div>`)

describe('children kept by key', () => {
  it('keep their elements, and so the focus, while neighbours come, go and change places', () => {
    const container = box()
    const child = (key: string) => [key, () => make('button', { textContent: key })] as const
    const [first] = keepChildren(container, [child('a'), child('b')]).values()
    first?.focus()
    keepChildren(container, [child('c'), child('a'), false, undefined, '', child('d')])
    expect([...container.children].map(({ textContent }) => textContent)).toEqual(['c', 'a', 'd'])
    expect(document.activeElement).toBe(first)
    keepChildren(container, [child('d'), child('a')])
    expect([...container.children].map(({ textContent }) => textContent)).toEqual(['d', 'a'])
    expect(container.children[1]).toBe(first)
  })
})

describe('values of an element', () => {
  it('are its properties, and attributes where it has none of that name', () => {
    const button = make('button', { type: 'button', part: 'send', 'aria-label': 'Send', tabIndex: -1 }, 'Go')
    expect(button.outerHTML).toBe(
      '<button type="button" part="send" aria-label="Send" tabindex="-1">Go</button>',
    )
  })

  it('are not set again where nothing differs: a text that is being written keeps its caret', () => {
    const field = make('textarea', { value: 'abc' })
    field.setSelectionRange(1, 1)
    put(field, { value: 'abc' })
    expect(field.selectionStart).toBe(1)
  })
})

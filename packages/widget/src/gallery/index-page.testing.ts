/** The gallery's first page: all states, each in a frame of its own, with switches for how they look. */
import { GROUPS } from './states.testing.ts'

/** Switches, and what each may be; the first is the default. */
const SWITCHES = {
  theme: ['light', 'dark'],
  locale: ['en', 'ar'],
  look: ['default', 'dusk', 'forest', 'paper'],
  size: ['phone', 'desktop'],
} as const

const asked = new URLSearchParams(location.search)
const chosen = (name: keyof typeof SWITCHES) => asked.get(name) ?? SWITCHES[name][0]

const make = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]>,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] => {
  const element = Object.assign(document.createElement(tag), properties)
  element.append(...children)
  return element
}

const choice = (name: keyof typeof SWITCHES) => {
  const options = SWITCHES[name].map((value) =>
    make('option', { value, selected: value === chosen(name) }, value),
  )
  const onchange = (event: Event) => {
    asked.set(name, (event.target as HTMLSelectElement).value)
    location.search = asked.toString()
  }
  return make('label', {}, `${name} `, make('select', { onchange }, ...options))
}

const frame = (state: string, title: string) => {
  const address = new URLSearchParams({
    state,
    theme: chosen('theme'),
    locale: chosen('locale'),
    look: chosen('look'),
  })
  const link = make('a', { href: `/gallery/state.html?${address}` }, title)
  const shown = make('iframe', { src: link.href, title, loading: 'lazy' })
  return make('figure', {}, make('figcaption', {}, link), make('div', { className: 'shot' }, shown))
}

document.documentElement.classList.toggle('dark', chosen('theme') === 'dark')
document.querySelector('form')?.append(...(Object.keys(SWITCHES) as (keyof typeof SWITCHES)[]).map(choice))
const main = document.querySelector('main')
main?.classList.add(chosen('size'))
for (const { title, states } of GROUPS)
  main?.append(
    make('h2', {}, title),
    make('div', { className: 'states' }, ...states.map((state) => frame(state.name, state.title))),
  )

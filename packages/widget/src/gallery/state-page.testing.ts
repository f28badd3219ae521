/** The gallery's page of one state, by its address: `?state=read&theme=dark&locale=ar&look=dusk`. */
import dusk from '../../themes/dusk.css?raw'
import forest from '../../themes/forest.css?raw'
import paper from '../../themes/paper.css?raw'
import { drawState } from './gallery-state.testing.ts'
import { STATES } from './states.testing.ts'

const LOOKS: Readonly<Record<string, string>> = { dusk, forest, paper }

const asked = new URLSearchParams(location.search)
const theme = asked.get('theme') ?? 'light'
const locale = asked.get('locale') ?? 'en'
const root = document.documentElement
root.classList.toggle('dark', theme === 'dark')
root.lang = locale
root.dir = locale === 'ar' ? 'rtl' : 'ltr'
const look = document.createElement('style')
look.textContent = LOOKS[asked.get('look') ?? ''] ?? ''
document.head.append(look)

const state = STATES.find(({ name }) => name === asked.get('state'))
if (state === undefined) throw new Error(`no state ${asked.get('state')}`)
document.title = state.title
await drawState(state, { parent: document.body, attributes: { theme, locale } })
// For the program that takes the screenshots.
root.dataset.state = state.name

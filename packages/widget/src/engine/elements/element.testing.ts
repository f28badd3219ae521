/** Puts one element of the panel into a frame, as the engine would, and records its requests. */
import { fixtureSync, html } from '@open-wc/testing'
import { shellStyles } from '../../shell/shell.styles.ts'
import { loadLit } from '../lit.ts'
import { panelFrameStyles } from '../panel-frame.styles.ts'
import type { PanelRequest } from '../panel-request.ts'

// The engine loads it beside the first part that needs it.
await loadLit()

export interface Mounted<Kind extends HTMLElement> {
  readonly element: Kind
  /** The frame around it. */
  readonly frame: HTMLElement
  readonly requests: PanelRequest[]
}

/** Numbers the frames, as landmarks of one page need different names. */
let mounted = 0

/** `page`: default is the test's own. */
export function mount<Kind extends HTMLElement>(
  tag: string,
  properties: Partial<Kind>,
  page: Window & typeof globalThis = window,
): Mounted<Kind> {
  const { document } = page
  const host = document.createElement('div')
  host.setAttribute('mode', 'inline')
  const root = host.attachShadow({ mode: 'open' })
  root.adoptedStyleSheets = [shellStyles, panelFrameStyles].map((text) => {
    const sheet = new page.CSSStyleSheet()
    sheet.replaceSync(text)
    return sheet
  })
  const frame = document.createElement('section')
  frame.className = 'frame panel inline'
  mounted += 1
  frame.setAttribute('aria-label', `Chat ${mounted}`)
  frame.style.cssText = 'width: 380px; height: 600px'
  const requests: PanelRequest[] = []
  frame.addEventListener('chat-request', (event) => requests.push(event.detail))
  const element = document.createElement(tag) as Kind
  Object.assign(element, properties)
  frame.append(element)
  root.append(frame)
  if (page === window) fixtureSync(html`${host}`)
  else document.body.append(host)
  return { element, frame, requests }
}

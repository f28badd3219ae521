/** The menu in the panel's header: a button, and what can be chosen. Loaded when it is opened, or chosen from before. */
import { askForNotifications, notificationLeave, playTone } from '@chat-widget/client/browser'
import { english } from '../../locales/parts/menu.ts'
import { addStyles } from '../add-styles.ts'
import { choose, placeOf, readChoices, type VisitorChoices } from '../attention/visitor-choices.ts'
import { iconTemplate } from '../elements/icon-template.ts'
import { menuIcon } from '../elements/icons.ts'
import { html, nothing, render } from '../lit.ts'
import { partStrings } from '../load-strings.ts'
import { followEnter } from './enter-key.ts'
import type { MenuItem, MenuPanel } from './menu-item.ts'
import { panelMenuStyles } from './panel-menu.styles.ts'
import { forgetFailure, transcriptOf } from './transcript.ts'

/** Panels whose menu is open. */
const open = new WeakSet<MenuPanel>()

export function drawMenu(box: HTMLElement, panel: MenuPanel): void {
  addStyles(panel.renderRoot, panelMenuStyles)
  followEnter(panel)
  const { menu } = panel.words.strings
  const isOpen = open.has(panel)
  const toggle = () => (isOpen ? close(panel) : showMenu(panel))
  const drawn = html`<div class="menu-place" @keydown=${(event: KeyboardEvent) => keydown(panel, event)} @focusout=${(event: FocusEvent) => left(panel, event)}>
    <button
      type="button"
      class="icon-button menu-button"
      part="menu-button"
      aria-label=${menu}
      title=${menu}
      aria-haspopup="menu"
      aria-expanded=${String(isOpen)}
      @click=${toggle}
    >
      ${iconTemplate(menuIcon)}
    </button>
    ${isOpen ? content(panel) : nothing}
  </div>`
  render(drawn, box)
}

function content(panel: MenuPanel) {
  const { menu } = panel.words.strings
  const transcript = transcriptOf(panel)
  return html`<div class="menu" part="menu">
    <div role="menu" aria-label=${menu}>
      ${
        transcript === null
          ? nothing
          : html`<div role="group" aria-label=${transcript.label}>
              <div class="menu-title" aria-hidden="true">${transcript.label}</div>
              ${transcript.items.map((item) => itemOf(panel, item))}
            </div>`
      }
      ${switchesOf(panel).map((item) => itemOf(panel, item))}
    </div>
    <p class="menu-problem" role="status">${transcript?.problem ?? nothing}</p>
  </div>`
}

const itemOf = (panel: MenuPanel, item: MenuItem) =>
  html`<button
    type="button"
    role=${item.checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
    aria-checked=${item.checked ?? nothing}
    aria-disabled=${item.disabled || nothing}
    tabindex="-1"
    @click=${() => item.disabled || take(panel, item)}
  >
    <span class="menu-label"
      >${item.label}${item.hint ? html`<span class="menu-hint">${item.hint}</span>` : nothing}</span
    >
    ${item.checked === undefined ? nothing : html`<i class="switch"></i>`}
  </button>`

/** A switch stays in view with its new state, and a transcript that could not be had with the reason. */
async function take(panel: MenuPanel, { act }: MenuItem): Promise<void> {
  const isDone = await act()
  if (isDone === true && open.has(panel)) close(panel)
  panel.requestUpdate()
}

function switchesOf(panel: MenuPanel): MenuItem[] {
  const strings = partStrings(english, panel.words)
  const place = placeOf(panel)
  // Where nothing is kept, a choice would be forgotten.
  if (place.storage === 'none') return []
  const choices = readChoices(place)
  const toggled = (name: keyof VisitorChoices) => choose(place, { [name]: !choices[name] })
  const items: MenuItem[] = []
  if (place.alerts === 'sound' || place.alerts === 'all')
    items.push({
      label: strings.sound,
      checked: choices.sound,
      act() {
        toggled('sound')
        if (!choices.sound) playTone()
      },
    })
  const leave = notificationLeave()
  if (place.alerts === 'all' && leave !== 'unsupported')
    items.push({
      label: strings.notifications,
      ...(leave === 'denied' && { hint: strings.notificationsBlocked, disabled: true }),
      checked: choices.notifications && leave === 'granted',
      async act() {
        const isOn = choices.notifications && leave === 'granted'
        const isAllowed = isOn || (await askForNotifications()) === 'granted'
        choose(place, { notifications: !isOn && isAllowed })
      },
    })
  items.push({
    label: strings.enterSends,
    ...(!choices.enterSends && { hint: strings.enterHint }),
    checked: choices.enterSends,
    act: () => toggled('enterSends'),
  })
  return items
}

const itemsIn = (panel: MenuPanel) => [...panel.renderRoot.querySelectorAll<HTMLElement>('.menu button')]

/** Opens it, with the focus on what comes first. */
export function showMenu(panel: MenuPanel): void {
  open.add(panel)
  forgetFailure(panel)
  panel.requestUpdate()
  queueMicrotask(() => itemsIn(panel)[0]?.focus())
}

function close(panel: MenuPanel): void {
  open.delete(panel)
  panel.renderRoot.querySelector<HTMLElement>('.menu-button')?.focus()
  panel.requestUpdate()
}

/** A click or Tab elsewhere closes it. A button that a click does not focus, as in Safari, is inside all the same. */
function left(panel: MenuPanel, { currentTarget, relatedTarget }: FocusEvent): void {
  if (!open.has(panel) || (currentTarget as HTMLElement).contains(relatedTarget as Node | null)) return
  // An item that is about to be drawn again has lost the focus, not the menu.
  setTimeout(() => {
    if ((currentTarget as HTMLElement | null)?.matches(':focus-within, :hover')) return
    open.delete(panel)
    panel.requestUpdate()
  })
}

function keydown(panel: MenuPanel, event: KeyboardEvent): void {
  if (!open.has(panel)) return
  const items = itemsIn(panel)
  const at = items.indexOf(panel.renderRoot.activeElement as HTMLElement)
  const moves: Record<string, number> = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  }
  const next = moves[event.key]
  if (next !== undefined) items[next]?.focus()
  else if (event.key === 'Escape') close(panel)
  else return
  // Escape closes the menu, but not the panel.
  event.preventDefault()
  event.stopPropagation()
}

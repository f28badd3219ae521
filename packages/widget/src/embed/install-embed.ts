/** Adds `<chat-widget>` to the page for a lone script tag, and installs the command function. */
import { ChatWidgetElement, elementWith, type ShellDefaults } from '../chat-widget-element.ts'
import { defineChatWidget } from '../define.ts'
import { report } from '../shell/shell-errors.ts'
import { type CommandFunction, installCommands } from './command-queue.ts'

/** Marks the element of `embed.js`, to distinguish it from those that a host wrote. */
const MARK = 'data-embed'

/** Puts the element back whenever the page removes it: Turbo, htmx and the like replace the body, or its content. */
function keepOnPage(element: ChatWidgetElement): void {
  element.setAttribute(MARK, '')
  element.whenLost = () => {
    // A page from such a library's cache contains a copy. One that replaces the whole document may have no body yet.
    const copy = document.querySelector(`chat-widget[${MARK}]`)
    if (copy) copy.replaceWith(element)
    else if (document.body) document.body.append(element)
    else setTimeout(() => element.whenLost?.())
  }
  element.remove = () => {
    element.whenLost = null
    Element.prototype.remove.call(element)
  }
}

/**
 * Copies `data-app`, `data-server` … of the script tag, and `?app=…&server=…` of its URL, to the element's attributes.
 * Loading it twice is harmless.
 */
export function installEmbed(
  scope: Window & { ChatWidget?: CommandFunction },
  script: Element | null,
  parameters: URLSearchParams,
  defaults: ShellDefaults,
): void {
  const setting = (name: string) => script?.getAttribute(`data-${name}`) ?? parameters.get(name)
  const app = setting('app') ?? ''
  const inCharge = scope.ChatWidget
  if (inCharge?.app !== undefined) {
    if (app === inCharge.app) return
    const message = `This page has the chat of "${inCharge.app}".`
    const advice = `Write <chat-widget app="${app}"> for a second one.`
    // The element may not be there yet.
    const element = { dispatchEvent: (event: Event) => inCharge('dispatchEvent', event) }
    void report(element, { code: 'conflict', message }, advice)
    return
  }
  defineChatWidget(elementWith(defaults))
  const attach = installCommands(scope, app)
  const install = () => {
    let element = document.querySelector('chat-widget')
    if (element === null) {
      element = document.createElement('chat-widget')
      for (const name of ChatWidgetElement.observedAttributes) {
        const value = setting(name)
        if (value !== null) element.setAttribute(name, value)
      }
      keepOnPage(element)
      document.body.append(element)
    }
    attach(element)
  }
  // An element amid a page that is still coming in would be in the way of a library that hydrates the page.
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', install)
  else install()
}

/** Adds `<chat-widget>` to the page for a lone script tag, and puts the command function in place. */
import type { ChatWidgetElement, ShellDefaults } from '../chat-widget-element.ts'
import { defineChatWidget } from '../define.ts'
import { type CommandFunction, installCommands } from './command-queue.ts'

const ATTRIBUTES = [
  'app',
  'server',
  'position',
  'theme',
  'locale',
  'mode',
  'merge-policy',
  'storage',
  'open',
] as const

/** `data-app`, `data-server` … of the script tag become the element's attributes. Loading it twice is harmless. */
export function installEmbed(
  scope: Window & { ChatWidget?: CommandFunction },
  script: Element | null,
  defaults: ShellDefaults,
): void {
  if (scope.ChatWidget?.element !== undefined) return
  defineChatWidget(defaults)
  const page = scope.document
  const install = () => {
    const present = page.querySelector('chat-widget')
    const element = present ?? page.createElement('chat-widget')
    if (present === null) {
      for (const name of ATTRIBUTES) {
        const value = script?.getAttribute(`data-${name}`) ?? null
        if (value !== null) element.setAttribute(name, value)
      }
      page.body.append(element)
    }
    installCommands(scope, element as ChatWidgetElement)
  }
  if (page.body === null) page.addEventListener('DOMContentLoaded', install, { once: true })
  else install()
}

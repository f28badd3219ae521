/** `ChatWidget('command', …)`: calls made before the script arrived run after it, in order. */
import type { ChatWidgetElement } from '../chat-widget-element.ts'

export type Command = readonly [name: string, ...args: unknown[]]

export interface CommandFunction {
  (name: string, ...args: unknown[]): unknown
  /** Calls of the stub that stood here before the script arrived. */
  q?: ArrayLike<unknown>[]
  /** The element that commands go to; its presence says that the real function is in place. */
  element?: ChatWidgetElement
}

const METHODS = [
  'show',
  'hide',
  'toggle',
  'sendMessage',
  'newConversation',
  'logout',
  'cancelLogin',
  'failLogin',
] as const
type Method = (typeof METHODS)[number]

const isMethod = (name: string): name is Method => (METHODS as readonly string[]).includes(name)

/** Runs one command. Returns what the method returns; an unknown name is a `widget-error`. */
export function runCommand(element: ChatWidgetElement, [name, ...args]: Command): unknown {
  if (isMethod(name)) return Reflect.apply(element[name], element, args)
  switch (name) {
    case 'setUser':
      element.user = (args[0] ?? null) as ChatWidgetElement['user']
      return
    case 'on':
      return element.addEventListener(String(args[0]), args[1] as EventListener)
    case 'off':
      return element.removeEventListener(String(args[0]), args[1] as EventListener)
    default:
      return element.reportUnknownCommand(String(name))
  }
}

/** Replaces the host's stub, if any, after running what it collected. */
export function installCommands(scope: { ChatWidget?: CommandFunction }, element: ChatWidgetElement): void {
  const waiting = scope.ChatWidget?.q ?? []
  const command: CommandFunction = (...call) => runCommand(element, call)
  command.element = element
  scope.ChatWidget = command
  for (const call of waiting)
    try {
      const result = runCommand(element, Array.from(call) as unknown as Command)
      // Nobody can hold the promise of a queued call; the element has reported what went wrong.
      if (result instanceof Promise) result.catch(() => {})
    } catch {
      // As above: one bad call must not swallow those after it.
    }
}

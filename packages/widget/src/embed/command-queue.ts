/** `ChatWidget('command', …)`: calls made before the element is there run once it is, in order. */
import type { ChatWidgetElement } from '../chat-widget-element.ts'

export type Command = readonly [name: string, ...args: unknown[]]

export interface CommandFunction {
  (name: string, ...args: unknown[]): unknown
  /** Calls of the stub that stood here before the script arrived. A stub that somebody kept goes on pushing here. */
  q?: { push(call: ArrayLike<unknown>): unknown }
  /** The app of the script that is in charge of this function; its presence says that one is. */
  app?: string
  /** The element that commands go to, once there is a body for it. */
  element?: ChatWidgetElement
}

const SHORT: Readonly<Record<string, string>> = { on: 'addEventListener', off: 'removeEventListener' }

/** Runs one command: `setUser`, `on`, `off`, or a method. Returns what that returns; an unknown name is a `widget-error`. */
export function runCommand(element: ChatWidgetElement, [name, ...args]: Command): unknown {
  if (name === 'setUser') {
    element.user = (args[0] ?? null) as ChatWidgetElement['user']
    return
  }
  const method: unknown = Reflect.get(element, SHORT[name] ?? name)
  if (typeof method === 'function') return Reflect.apply(method, element, args)
  return element.report(
    { code: 'unknown-command', message: `ChatWidget('${name}') is no command.` },
    'See the list of commands in the documentation.',
  )
}

/** Replaces the host's stub, if any. Returns what to call with the element: it runs what was collected. */
export function installCommands(
  scope: { ChatWidget?: CommandFunction },
  app: string,
): (element: ChatWidgetElement) => void {
  const waiting = scope.ChatWidget?.q
  const calls = Array.isArray(waiting) ? (waiting as ArrayLike<unknown>[]) : []
  const command: CommandFunction = (...call) =>
    command.element === undefined ? void calls.push(call) : runCommand(command.element, call)
  command.q = { push: (call) => command(...(Array.from(call) as unknown as Command)) }
  command.app = app
  scope.ChatWidget = command
  return (element) => {
    command.element = element
    for (const call of calls)
      try {
        const result = runCommand(element, Array.from(call) as unknown as Command)
        // Nobody can hold the promise of a queued call; the element has reported what went wrong.
        if (result instanceof Promise) result.catch(() => {})
      } catch {
        // As above: one bad call must not swallow those after it.
      }
  }
}

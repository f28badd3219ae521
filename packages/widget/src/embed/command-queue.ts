/** `ChatWidget('command', …)`: calls made before the element exists run once it does, in order. */
import type { ChatWidgetElement } from '../chat-widget-element.ts'
import { report } from '../shell/shell-errors.ts'

type Command = readonly [name: string, ...args: unknown[]]

/** An array, or the `arguments` of a stub. */
type Call = Iterable<unknown>

export interface CommandFunction {
  (name: string, ...args: unknown[]): unknown
  /** Calls of the stub that was here before the script arrived. A saved reference to the stub keeps pushing here. */
  q?: { push(call: Call): unknown }
  /** The app of the script that owns this function; set if there is one. */
  app?: string
  /** The element that commands go to, once it is on the page. */
  element?: ChatWidgetElement
}

const SHORT: Readonly<Record<string, string>> = { on: 'addEventListener', off: 'removeEventListener' }

/**
 * Runs one command: `setUser`, `on`, `off`, or a method, and returns its result. An unknown name is a `widget-error`.
 */
function runCommand(element: ChatWidgetElement, [name, ...args]: Command): unknown {
  if (name === 'setUser') {
    element.user = args[0] as ChatWidgetElement['user']
    return
  }
  const method: unknown = Reflect.get(element, SHORT[name] ?? name)
  if (typeof method === 'function') return method.apply(element, args)
  return report(
    element,
    { code: 'unknown-command', message: `ChatWidget('${name}') is no command.` },
    'Commands are the methods, setUser, on and off.',
  )
}

/** Replaces the host's stub, if any. Returns a function that takes the element and runs the collected calls. */
export function installCommands(
  scope: { ChatWidget?: CommandFunction },
  app: string,
): (element: ChatWidgetElement) => void {
  const waiting = scope.ChatWidget?.q
  const calls: Call[] = Array.isArray(waiting) ? waiting : []
  const command: CommandFunction = (...call) =>
    command.element ? runCommand(command.element, call) : void calls.push(call)
  command.q = { push: (call) => command(...(call as Command)) }
  command.app = app
  scope.ChatWidget = command
  return (element) => {
    command.element = element
    // A queued call has no caller to catch its error or take its promise; the element has reported the error.
    const run = async (call: Call) => runCommand(element, call as Command)
    for (const call of calls.splice(0)) run(call).catch(() => {})
  }
}

/** A `<chat-widget>` on a fake client, and helpers to look inside. */
import { fixtureCleanup, fixtureSync, html, oneEvent } from '@open-wc/testing'
import { ChatWidgetElement, type ShellDefaults } from './chat-widget-element.ts'
import { createEngine } from './engine/engine.ts'
import { createFakeClient, type FakeClient } from './engine/fake-client.testing.ts'
import type { CreateClient } from './engine/running-client.ts'
import { createFakeLogin, type FakeLogin } from './engine/sign-in/fake-login.testing.ts'
import { createSignIn } from './engine/sign-in/sign-in.ts'
import type { LoadSignIn } from './engine/sign-in/sign-in-part.ts'
import type { EngineModule } from './engine-contract.ts'

let defaults: ShellDefaults

class TestWidgetElement extends ChatWidgetElement {
  constructor() {
    super({
      get server() {
        return defaults.server
      },
      loadEngine: (attempt) => defaults.loadEngine(attempt),
    })
  }
}
customElements.define('chat-widget', TestWidgetElement)

/** Defaults that a page's script would give to the element. */
export const testDefaults = (): ShellDefaults => defaults

export interface TestWidget {
  readonly element: ChatWidgetElement
  readonly client: FakeClient
  /** Number of requests for the engine's file. */
  loads(): number
}

export interface TestWidgetOptions {
  readonly client?: FakeClient
  readonly attributes?: Readonly<Record<string, string>>
  readonly load?: (attempt: number, module: EngineModule) => Promise<EngineModule>
  /** Replaces the login inside the chat. */
  readonly login?: FakeLogin
  /** Loads the code of that login. */
  readonly loadSignIn?: LoadSignIn
  /** Called with each client's start, and the promise it is to wait for. */
  readonly onCreate?: (after: Promise<unknown> | undefined) => void
}

/** Makes `<chat-widget>` elements use a fake client from now on. */
export function useFakeClient({
  client = createFakeClient(),
  load,
  login = createFakeLogin(),
  loadSignIn = async () => ({ createSignIn: (from) => createSignIn(from, () => login) }),
  onCreate,
}: TestWidgetOptions = {}) {
  let loads = 0
  const module: EngineModule = {
    createEngine: (host) => {
      const createClient: CreateClient = (_config, after) => {
        onCreate?.(after)
        return client
      }
      return createEngine(host, createClient, loadSignIn)
    },
  }
  defaults = {
    server: 'https://chat.test',
    loadEngine: (attempt) => {
      loads += 1
      return load === undefined ? Promise.resolve(module) : load(attempt, module)
    },
  }
  return { client, loads: () => loads }
}

/** Puts a widget into the page, closed. */
export function mountWidget(options: TestWidgetOptions = {}): TestWidget {
  const { client, loads } = useFakeClient(options)
  const element = document.createElement('chat-widget')
  for (const [name, value] of Object.entries({ app: 'shop', ...options.attributes }))
    element.setAttribute(name, value)
  fixtureSync(html`${element}`)
  return { element, client, loads }
}

export async function openWidget(options: TestWidgetOptions = {}): Promise<TestWidget> {
  const widget = mountWidget(options)
  const opened = oneEvent(widget.element, 'widget-open')
  await oneEvent(widget.element, 'widget-ready')
  widget.element.show()
  await opened
  return widget
}

export function cleanUp(): void {
  // An element added by embed.js comes back unless it is removed by name.
  for (const element of document.querySelectorAll('chat-widget')) element.remove()
  fixtureCleanup()
  document.body.replaceChildren()
  localStorage.clear()
  sessionStorage.clear()
}

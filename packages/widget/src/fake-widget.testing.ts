/** Makes `<chat-widget>` an element on a fake client. */
import { ChatWidgetElement, type ShellDefaults } from './chat-widget-element.ts'
import { createEngine } from './engine/engine.ts'
import { createFakeClient, type FakeClient } from './engine/fake-client.testing.ts'
import { withLit } from './engine/lit.ts'
import type { CreateClient } from './engine/running-client.ts'
import { createFakeLogin, type FakeLogin } from './engine/sign-in/fake-login.testing.ts'
import { createSignIn } from './engine/sign-in/login-in-chat.ts'
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

export interface FakeWidgetOptions {
  readonly client?: FakeClient
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
  loadSignIn = () => withLit(async () => ({ createSignIn: (from) => createSignIn(from, () => login) })),
  onCreate,
}: FakeWidgetOptions = {}) {
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

/** One state of the chat in the gallery, and how it is drawn: the real element, on a fake client. */
import type { ChatState } from '@chat-widget/client'
import type { BuiltInLoginState } from '@chat-widget/client/built-in-login'
import type { ChatWidgetElement } from '../chat-widget-element.ts'
import { createFakeClient, type FakeClient } from '../engine/fake-client.testing.ts'
import { createFakeLogin } from '../engine/sign-in/fake-login.testing.ts'
import { useFakeClient } from '../fake-widget.testing.ts'
import { findAll } from '../looking.testing.ts'

/** The chat on which a state's last step works. */
export interface Drawn {
  readonly element: ChatWidgetElement
  readonly client: FakeClient
  /** Resolves with the first match, once it is there. `again`: called in each frame until then. */
  readonly has: (selector: string, again?: () => void) => Promise<HTMLElement>
}

export interface GalleryState {
  /** In the page's address, and in the name of the screenshot. */
  readonly name: string
  readonly title: string
  readonly state: ChatState
  /** State of the sign-in inside the chat. */
  readonly login?: BuiltInLoginState
  /** True for what is seen while the panel is closed. */
  readonly closed?: true
  /** True where a request for messages is not answered. */
  readonly unanswered?: true
  /** True where the engine cannot be loaded. */
  readonly unloadable?: true
  /** Of `<chat-widget>`. */
  readonly attributes?: Readonly<Record<string, string>>
  /** There when all of the state is drawn. */
  readonly shows: string
  /** Steps of a visitor that lead there. */
  readonly act?: (drawn: Drawn) => void | Promise<void>
}

export interface StateGroup {
  readonly title: string
  readonly states: readonly GalleryState[]
}

/** Code of a part is loaded, and rendered a microtask later; a lost connection is shown after a second. Milliseconds. */
const PATIENCE_MS = 15_000

const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))

async function waitFor(element: Element, selector: string, again = () => {}): Promise<HTMLElement> {
  const until = performance.now() + PATIENCE_MS
  while (performance.now() < until) {
    const found = findAll(element, selector).find((one) => one.checkVisibility())
    if (found !== undefined) return found
    again()
    await frame()
  }
  throw new Error(`${selector} is not there`)
}

const heard = (element: Element, name: string) =>
  new Promise((resolve) => element.addEventListener(name, resolve, { once: true }))

/** `attributes`: of the element, beside the state's own, e.g. `theme`. Resolves when it is drawn. */
export async function drawState(
  { state, login, closed, unloadable, unanswered, shows, act, ...rest }: GalleryState,
  {
    parent,
    attributes,
  }: { readonly parent: Element; readonly attributes?: Readonly<Record<string, string>> },
): Promise<Drawn> {
  // A closed chat is opened once, and left while there was nothing: then its messages come.
  const client = createFakeClient(closed ? { ...state, unread: 0, conversations: [] } : state)
  if (unanswered) client.headAnswer = async () => {}
  useFakeClient({
    client,
    ...(login && { login: createFakeLogin(login) }),
    ...(unloadable && { load: () => Promise.reject(new Error('no engine')) }),
  })
  const element = document.createElement('chat-widget')
  const all = { app: 'shop', storage: 'none', 'page-title': 'unchanged', ...attributes, ...rest.attributes }
  for (const [name, value] of Object.entries(all)) element.setAttribute(name, value)
  const has: Drawn['has'] = (selector, again) => waitFor(element, selector, again)
  const drawn = { element, client, has }
  const ready = heard(element, 'widget-ready')
  parent.append(element)
  await ready
  if (unloadable) element.show()
  else {
    const opened = heard(element, 'widget-open')
    element.show()
    await opened
    if (closed) element.hide()
    client.setState(state)
  }
  await act?.(drawn)
  await has(shows)
  return drawn
}

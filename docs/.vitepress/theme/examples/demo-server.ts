/** The chat server of the examples: an address that the site was built with, or that a reader enters. */
import { type Ref, ref } from 'vue'

declare const __CHAT_SERVER__: string

/** App of the examples: that of `chat-widget-server --dev`. */
export const APP = 'demo'

const KEY = 'docs-chat-server'

export type DemoServer =
  | { readonly status: 'looking' }
  /** `url`: the address that did not answer; empty where none is known. */
  | { readonly status: 'missing'; readonly url: string }
  | { readonly status: 'there'; readonly url: string }

const server: Ref<DemoServer> = ref({ status: 'looking' })
let isAsked = false

const stored = () => {
  try {
    return localStorage.getItem(KEY) ?? ''
  } catch {
    return ''
  }
}

/** The server, looked for once a page. Call it in a browser only. */
export function useDemoServer(): Ref<DemoServer> {
  if (!isAsked) {
    isAsked = true
    void lookFor(stored() || __CHAT_SERVER__)
  }
  return server
}

async function lookFor(url: string): Promise<void> {
  server.value = { status: 'looking' }
  const isThere = url !== '' && (await answers(url))
  server.value = isThere ? { status: 'there', url } : { status: 'missing', url }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(new URL('/chat-widget.js', url), { method: 'HEAD' })).ok
  } catch {
    return false
  }
}

/** Looks at another address, and keeps it for the next pages. */
export async function chooseServer(url: string): Promise<void> {
  try {
    localStorage.setItem(KEY, url)
  } catch {
    // It holds for this page.
  }
  await lookFor(url)
}

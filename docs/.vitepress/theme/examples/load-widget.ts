/** Defines `<chat-widget>` by the files that a server hands out; they lie beside the site's own. */
import { withBase } from 'vitepress'

let loading: Promise<unknown> | undefined

export function loadWidget(): Promise<unknown> {
  loading ??= import(/* @vite-ignore */ new URL(withBase('/chat-widget/chat-widget.js'), location.href).href)
  return loading
}

/**
 * `<chat-widget>` in Svelte's templates: `import type {} from '@chat-widget/widget/svelte'`, once. Listeners are `on…`,
 * in Svelte 4 `on:…`.
 */
import type {
  ChatWidgetAttributes,
  ChatWidgetElement,
  ChatWidgetEventMap,
  ChatWidgetProperties,
} from '@chat-widget/widget'
import type { HTMLAttributes } from 'svelte/elements'

type Props = ChatWidgetAttributes & ChatWidgetProperties

type Listeners = {
  [Name in keyof ChatWidgetEventMap as `on${Name}` | `on:${Name}`]?:
    | ((event: ChatWidgetEventMap[Name]) => void)
    | undefined
}

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'chat-widget': Props & Listeners & Omit<HTMLAttributes<ChatWidgetElement>, keyof Props>
  }
}

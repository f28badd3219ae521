/**
 * `<chat-widget>` in Vue's templates: `import type {} from '@chat-widget/widget/vue'`, once. Tell Vue's compiler that it
 * is an element: `compilerOptions: { isCustomElement: (tag) => tag === 'chat-widget' }`.
 */
import type {
  ChatWidgetAttributes,
  ChatWidgetElement,
  ChatWidgetEventMap,
  ChatWidgetProperties,
} from '@chat-widget/widget'
import type { EmitFn, HTMLAttributes, PublicProps } from 'vue'

type Props = ChatWidgetAttributes &
  ChatWidgetProperties &
  Omit<HTMLAttributes, keyof ChatWidgetAttributes> &
  PublicProps

type Emits = { [Name in keyof ChatWidgetEventMap]: (event: ChatWidgetEventMap[Name]) => void }

type Component = new () => ChatWidgetElement & { $props: Props; $emit: EmitFn<Emits> }

declare module 'vue' {
  interface GlobalComponents {
    'chat-widget': Component
  }
}

/**
 * `<chat-widget>` in Solid's JSX: `import type {} from '@chat-widget/widget/solid'`, once. Solid sets properties of a
 * custom element, `attr:…` attributes; listeners are `on:…`.
 */
import type {
  ChatWidgetAttributes,
  ChatWidgetElement,
  ChatWidgetEventMap,
  ChatWidgetProperties,
} from '@chat-widget/widget'

type Props = ChatWidgetAttributes & ChatWidgetProperties

type Prefixed<Prefix extends string, Values> = {
  [Name in keyof Values & string as `${Prefix}:${Name}`]?: Values[Name]
}

type Listeners = {
  [Name in keyof ChatWidgetEventMap as `on:${Name}`]?: ((event: ChatWidgetEventMap[Name]) => void) | undefined
}

declare module 'solid-js/jsx-runtime' {
  namespace JSX {
    interface IntrinsicElements {
      'chat-widget': Props &
        Prefixed<'attr', ChatWidgetAttributes> &
        Prefixed<'prop', Props> &
        Listeners &
        Omit<HTMLAttributes<ChatWidgetElement>, keyof Props>
    }
  }
}

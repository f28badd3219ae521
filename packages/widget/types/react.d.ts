/**
 * `<chat-widget>` in React's JSX: `import type {} from '@chat-widget/widget/react'`, once. React 19 sets properties and
 * listens to `on…`. React 18 sets attributes alone, as text, `false` too: give it user, delegate and listeners by a ref.
 */
import type {
  ChatWidgetAttributes,
  ChatWidgetElement,
  ChatWidgetEventMap,
  ChatWidgetProperties,
} from '@chat-widget/widget'
import type * as React from 'react'

type Listeners = {
  [Name in keyof ChatWidgetEventMap as `on${Name}`]?: ((event: ChatWidgetEventMap[Name]) => void) | undefined
}

/** `use` came with React 19. */
type Props = typeof React extends { use: unknown }
  ? ChatWidgetAttributes & ChatWidgetProperties & Listeners
  : Omit<ChatWidgetAttributes, 'open'> & { open?: '' | undefined }

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'chat-widget': Props & { class?: string | undefined } & React.ClassAttributes<ChatWidgetElement> &
        React.HTMLAttributes<ChatWidgetElement>
    }
  }
}

/** `<chat-widget>` in Preact's JSX: `import type {} from '@chat-widget/widget/preact'`, once. */
import type {
  ChatWidgetAttributes,
  ChatWidgetElement,
  ChatWidgetEventMap,
  ChatWidgetProperties,
} from '@chat-widget/widget'
import type { JSX, Ref } from 'preact'

type Props = ChatWidgetAttributes &
  ChatWidgetProperties & {
    [Name in keyof ChatWidgetEventMap as `on${Name}`]?:
      | ((event: ChatWidgetEventMap[Name]) => void)
      | undefined
  }

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'chat-widget': Props &
        Omit<JSX.IntrinsicElements['div'], keyof Props | 'ref'> & { ref?: Ref<ChatWidgetElement> | undefined }
    }
  }
}

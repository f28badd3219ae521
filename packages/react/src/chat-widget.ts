/** `<chat-widget>` as a component of React 18 and 19. */
import type { UserToSet } from '@chat-widget/client'
import type {
  ChatWidgetAttributes,
  ChatWidgetElement,
  ChatWidgetProperties,
  ChatWidgetStrings,
} from '@chat-widget/widget'
import '@chat-widget/widget'
import {
  createElement,
  type ForwardedRef,
  type ForwardRefExoticComponent,
  forwardRef,
  type HTMLAttributes,
  type RefAttributes,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useSyncExternalStore,
} from 'react'
import { type ChatWidgetEventProps, isEventProp, listen } from './event-props.ts'
import { createUserFollower, type FollowUser } from './follow-user.ts'

type Attributes = Omit<ChatWidgetAttributes, 'page-title' | 'merge-policy'>

export interface ChatWidgetProps
  extends ChatWidgetEventProps,
    Attributes,
    ChatWidgetProperties,
    Omit<HTMLAttributes<ChatWidgetElement>, keyof Attributes> {
  /** Id of an app in the server's configuration. */
  readonly app: string
  /**
   * The signed-in customer, or `null`. `undefined` says nothing, e.g. while the page does not know yet. Another
   * `userIdentifier` is another user; the provider may be a new function at each render.
   */
  readonly user?: UserToSet | undefined
  /**
   * Opens and closes the panel when it changes. The visitor does so too: keep it true to the screen by `onWidgetOpen` and
   * `onWidgetClose`.
   */
  readonly open?: boolean | undefined
}

/** Props that React sets as attributes, or as properties of the same meaning, before the element is in the document. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  className: 'class',
  pageTitle: 'page-title',
  mergePolicy: 'merge-policy',
}

/** Own words that differ from those set before. */
const differ = (before: ChatWidgetStrings, after: ChatWidgetStrings) => {
  const names = Object.keys({ ...before, ...after }) as (keyof ChatWidgetStrings)[]
  return names.some((name) => before[name] !== after[name])
}

/** Props that React gives to the element. */
type ElementProps = Omit<
  Partial<ChatWidgetProps>,
  'user' | 'delegate' | 'open' | 'strings' | 'hidden' | 'children'
>

/** `null` and `undefined` are no value of an attribute. */
const isAttribute = (prop: string, value: unknown): boolean => !isEventProp(prop) && value != null

interface TagProps extends ChatWidgetProps {
  readonly forwardedRef: ForwardedRef<ChatWidgetElement>
}

function Tag({ forwardedRef, user, delegate, open, strings, hidden, children, ...props }: TagProps) {
  const element = useRef<ChatWidgetElement>(null)
  const given = useRef<ElementProps>({})
  const unlisten = useRef<(() => void) | null>(null)
  const followUser = useRef<FollowUser | null>(null)

  // Runs in the task that inserts the element, whose first event comes after it.
  useLayoutEffect(() => {
    const chat = element.current
    if (chat === null) return
    // React 19 sets the properties of attributes that are not given any more to `undefined`, which reads `lang="undefined"`.
    for (const [prop, value] of Object.entries(given.current))
      if (isAttribute(prop, value) && !isAttribute(prop, props[prop as keyof typeof props]))
        chat.removeAttribute(ATTRIBUTES[prop] ?? prop)
    given.current = props
    unlisten.current ??= listen(chat, () => given.current)
    followUser.current ??= createUserFollower((next) => {
      try {
        chat.user = next
      } catch {
        // Refused by the element, which has reported it; the host's tree stays.
      }
    })
    followUser.current(user)
    if (differ(chat.strings, strings ?? {})) chat.strings = strings ?? {}
  })
  useLayoutEffect(() => {
    if (element.current !== null) element.current.delegate = delegate ?? null
  }, [delegate])
  useLayoutEffect(() => {
    if (element.current !== null && open !== undefined) element.current.open = open
  }, [open])
  // A suspended tree runs the clean-up of layout effects, and its element goes on in the document.
  useEffect(
    () => () => {
      unlisten.current?.()
      unlisten.current = null
    },
    [],
  )
  useImperativeHandle(forwardedRef, () => element.current as ChatWidgetElement, [])

  const attributes: Record<string, unknown> = {}
  for (const [prop, value] of Object.entries(props))
    if (isAttribute(prop, value)) attributes[ATTRIBUTES[prop] ?? prop] = value
  // React 18 would set `hidden="false"`.
  if (hidden) attributes.hidden = true
  return createElement('chat-widget', { ...attributes, ref: element }, children)
}

const subscribe = () => () => {}
/** False on a server and while a page is hydrated. */
const useIsMounted = () =>
  useSyncExternalStore(
    subscribe,
    () => true,
    () => false,
  )

/**
 * `<chat-widget>` with typed props and events; children go into its slots. `ref` gives the element, with its methods.
 * Renders nothing on a server: an element in the server's page would be defined, and its first events gone, before React
 * had hydrated it.
 */
export const ChatWidget: ForwardRefExoticComponent<ChatWidgetProps & RefAttributes<ChatWidgetElement>> =
  forwardRef<ChatWidgetElement, ChatWidgetProps>(function ChatWidget(props, ref) {
    return useIsMounted() ? createElement(Tag, { ...props, forwardedRef: ref }) : null
  })

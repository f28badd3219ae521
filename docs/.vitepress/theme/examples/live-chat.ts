/** The real widget on a page, beside its events. `sign-in`: with a host that signs its visitor in. */
import type { ChatWidgetElement, LoginButtonEvent } from '@chat-widget/widget'
import { defineComponent, h, nextTick, onMounted, ref, shallowRef, watch } from 'vue'
import { APP, type DemoServer, useDemoServer } from './demo-server.ts'
import { loadWidget } from './load-widget.ts'
import { ServerMissing } from './server-missing.ts'

const EVENTS = [
  'widget-ready',
  'connection-change',
  'message-sent',
  'message-received',
  'login-button',
  'identity-change',
  'widget-error',
] as const
const MOST_EVENTS = 30

interface Logged {
  readonly name: string
  readonly detail: string
}

export const LiveChat = defineComponent({
  name: 'LiveChat',
  props: { signIn: { type: Boolean, default: false } },
  setup(props) {
    const server = shallowRef<DemoServer>({ status: 'looking' })
    const chat = ref<ChatWidgetElement | null>(null)
    const log = ref<readonly Logged[]>([])
    const pending = ref<string | null>(null)
    const customer = ref<string | null>(null)

    const note = (event: Event) => {
      if (!(event instanceof CustomEvent)) return
      const entry = { name: event.type, detail: JSON.stringify(event.detail, null, 1) }
      log.value = [entry, ...log.value].slice(0, MOST_EVENTS)
    }
    const askToSignIn = (event: LoginButtonEvent) => {
      event.preventDefault()
      pending.value = event.detail.requestId
    }
    const signIn = (userIdentifier: string) => {
      if (chat.value === null) return
      customer.value = userIdentifier
      pending.value = null
      // A real page asks its own server for a token here.
      chat.value.user = { userIdentifier, requestContextProvider: async () => ({ customer: userIdentifier }) }
    }
    const cancel = () => {
      if (pending.value !== null) chat.value?.cancelLogin(pending.value)
      pending.value = null
    }
    const signOut = async () => {
      customer.value = null
      await chat.value?.logout()
    }

    onMounted(() => {
      const found = useDemoServer()
      watch(
        found,
        async (now) => {
          server.value = now
          if (now.status !== 'there') return
          await nextTick()
          for (const name of EVENTS) chat.value?.addEventListener(name, note)
          if (props.signIn) chat.value?.addEventListener('login-button', askToSignIn)
          await loadWidget()
        },
        { immediate: true },
      )
    })

    const hostButtons = () => {
      if (pending.value !== null)
        return [
          h('p', 'This is where your site would show its login:'),
          h(
            'button',
            { class: 'example-button', onClick: () => signIn('alex@example.com') },
            'Sign in as Alex',
          ),
          h(
            'button',
            { class: 'example-button', onClick: () => signIn('sam@example.com') },
            'Sign in as Sam',
          ),
          h('button', { class: 'example-button', onClick: cancel }, 'Cancel'),
        ]
      if (customer.value !== null)
        return [
          h('p', `Signed in as ${customer.value}.`),
          h('button', { class: 'example-button', onClick: () => void signOut() }, 'Sign out'),
        ]
      return [
        h('p', 'Nobody is signed in. Ask the bot about your order, or sign in here:'),
        h(
          'button',
          { class: 'example-button', onClick: () => signIn('alex@example.com') },
          'Sign in as Alex',
        ),
      ]
    }

    return () => {
      if (server.value.status === 'missing') return h(ServerMissing)
      if (server.value.status === 'looking')
        return h('div', { class: 'live-chat waiting' }, 'Looking for the demo server …')
      return h('div', { class: 'live-chat' }, [
        h('chat-widget', {
          ref: chat,
          app: APP,
          server: server.value.url,
          mode: 'inline',
          storage: 'session',
          'page-title': 'unchanged',
        }),
        h('div', { class: 'host' }, [
          props.signIn ? h('div', { class: 'buttons' }, hostButtons()) : null,
          h('h3', { class: 'title' }, 'Events'),
          h(
            'ol',
            { class: 'events', tabindex: 0, 'aria-label': 'Events of the chat, the newest first' },
            log.value.map(({ name, detail }) => h('li', [h('strong', name), h('code', detail)])),
          ),
        ]),
      ])
    }
  },
})

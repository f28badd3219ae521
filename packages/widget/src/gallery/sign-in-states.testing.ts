/** The gallery's states of the sign-in sheet. */
import type { BuiltInLoginState } from '@chat-widget/client/built-in-login'
import { waiting } from '../engine/sign-in/fake-login.testing.ts'
import { APP, asks, chat, conversation, loginRequest, wantsLogin } from './fixtures.testing.ts'
import type { GalleryState, StateGroup } from './gallery-state.testing.ts'

const IN_AN_HOUR = Date.now() + 3_600_000

const signIn = (name: string, title: string, login: BuiltInLoginState): GalleryState => ({
  name: `sign-in-${name}`,
  title,
  state: chat(conversation(asks('Where is my order?'), wantsLogin()), {
    app: { ...APP, login: { methods: ['email', 'identifier'], continueAsGuest: true } },
    logins: [loginRequest(2, { status: 'requested' }, true)],
  }),
  login,
  shows: '[part=sign-in]',
  async act({ has }) {
    // As after a tap on the card: while the visitor writes, the composer stays.
    ;(await has('h3')).focus()
  },
})

export const signInStates: StateGroup = {
  title: 'Sign-in sheet',
  states: [
    signIn('address', 'Asks whom to ask', { status: 'idle', problem: null }),
    {
      ...signIn('wrong-address', 'Not an address', { status: 'idle', problem: null }),
      shows: '.problem',
      async act({ has }) {
        await has('h3')
        ;(await has('[part=sign-in-button]')).click()
      },
    },
    signIn('refused', 'Too many tries', {
      status: 'idle',
      problem: { code: 'rate-limited', retryAt: IN_AN_HOUR },
    }),
    {
      ...signIn('asking', 'Asking', { status: 'asking', method: 'email', address: 'alex@example.com' }),
      async act({ has }) {
        ;((await has('.input')) as HTMLInputElement).value = 'alex@example.com'
        ;(await has('h3')).focus()
      },
    },
    signIn('code', 'The code', waiting({ address: 'alex@example.com' })),
    signIn(
      'code-identifier',
      'The code, by authenticator',
      waiting({ method: 'identifier', address: '3034567890', resendAt: 0 }),
    ),
    signIn(
      'code-problem',
      'Asking again failed',
      waiting({ problem: { code: 'rate-limited', retryAt: IN_AN_HOUR }, resendAt: 0 }),
    ),
    signIn('signing-in', 'Signing in', { status: 'signing-in' }),
  ],
}

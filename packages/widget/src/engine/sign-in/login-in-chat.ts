/** Login inside the chat ([AR14]): connects the login to the sheet and to the tapped cards. */
import type { LoginRequest } from '@chat-widget/client'
import {
  type BuiltInLogin,
  type BuiltInLoginState,
  createBuiltInLogin,
} from '@chat-widget/client/built-in-login'
import type { LoginRequestId } from '@chat-widget/protocol'
import { english } from '../../locales/parts/sign-in.ts'
import { ENGLISH_WORDS, partStrings, type Words } from '../load-strings.ts'
import './chat-sign-in.ts'
import type { ChatSignIn } from './chat-sign-in.ts'
import { isOpenBuiltIn, type SignIn, type SignInPart } from './sign-in-part.ts'

const WHY = { denied: 'signInDenied', locked: 'signInLocked', expired: 'signInExpired' } as const

/** `createLogin` is replaced in tests. */
export function createSignIn(
  client: Parameters<SignInPart['createSignIn']>[0],
  createLogin: typeof createBuiltInLogin = createBuiltInLogin,
): SignIn {
  const sheet = document.createElement('chat-widget-sign-in') as ChatSignIn
  /** One login serves every tapped card. */
  let login: BuiltInLogin | null = null
  let unsubscribe = () => {}
  let open: readonly LoginRequest[] = []
  let words: Words = ENGLISH_WORDS
  let focused: LoginRequestId | null = null

  const end = (outcome: (BuiltInLoginState & { status: 'ended' })['outcome']) => {
    for (const { requestId } of open)
      if (outcome === 'canceled') client.cancelLogin(requestId)
      else client.failLogin(requestId, partStrings(english, words)[WHY[outcome]])
  }

  const begin = () => {
    const begun = createLogin(client.parts)
    login = begun
    sheet.state = begun.state
    sheet.actions = {
      ask: (method, address) => begun.ask(method, address),
      resend: () => begun.resend(),
      cancel() {
        for (const { requestId } of open) client.cancelLogin(requestId)
      },
    }
    unsubscribe = begun.on('change', (state) => {
      // An ended login stays on screen until the card shows the outcome, so that the focus is not lost in between.
      if (state.status === 'ended') return end(state.outcome)
      if (state.status === 'waiting') for (const { requestId } of open) client.takeLogin(requestId)
      sheet.state = state
    })
  }

  const close = () => {
    unsubscribe()
    login?.close()
    login = null
  }

  return {
    follow(state, next, tapped) {
      words = next
      const before = open
      open = state.logins.filter(isOpenBuiltIn)
      const newest = open.at(-1)
      if (newest === undefined) {
        // Canceled on the card, or signed in otherwise: nobody is to be asked any more.
        const status = login?.state.status
        if (status === 'asking' || status === 'waiting') {
          unsubscribe()
          login?.cancel()
        }
        if (login !== null) sheet.leave(before.at(-1)?.messageId ?? null)
        close()
        return null
      }
      if (login === null) begin()
      sheet.words = words
      sheet.online = ['connected', 'connecting'].includes(state.connection.status)
      // Unknown until the server sends it; a pending request needs none.
      if (state.app !== null) sheet.methods = state.app.login.methods.filter((method) => method !== 'host')
      if (tapped === newest.requestId && tapped !== focused) {
        focused = tapped
        sheet.focus()
      }
      return sheet
    },
    close,
  }
}

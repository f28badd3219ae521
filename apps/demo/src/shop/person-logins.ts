/** Sign-in without a password: asks a person by the chat server, and trusts only its signed answer. */
import { randomBytes } from 'node:crypto'
import type { Authentication, AuthenticationResponse, Whom } from '@chat-widget/authentication-requests'
import { type Customer, customerBy } from './customers.ts'

export type PersonLoginState =
  /** `code`: shown in the browser that asks; typed where the person approves. */
  | { readonly state: 'waiting'; readonly code: string }
  | { readonly state: 'signed-in'; readonly customer: Customer }
  | { readonly state: EndedState }

/** `not-asked`: not connected, muted, or not deliverable. `over`: canceled, locked by wrong codes, or never begun. */
export type EndedState = 'denied' | 'expired' | 'not-asked' | 'over'

export interface PersonLogins {
  /**
   * Begins a sign-in. Only the browser gets `ticket`, which authorises reading the answer. Rejects with a `ChatError`,
   * e.g. `rate-limited`, and with a `TypeError` for an invalid `whom`.
   */
  begin(whom: Whom, ip: string): Promise<{ readonly ticket: string; readonly login: PersonLoginState }>
  /** Takes an approval, which is valid for one sign-in. */
  take(ticket: string): Promise<PersonLoginState>
  /** Cancels the request. */
  cancel(ticket: string): Promise<void>
}

export function createPersonLogins(authentication: () => Authentication): PersonLogins {
  const tickets = new Map<string, { readonly cid: string; readonly code: string }>()

  return {
    async begin(whom, ip) {
      const options = { async: true, binding: 'code', userIp: ip } as const
      const response = await authentication().request(whom, options)
      const ticket = randomBytes(32).toString('base64url')
      if (response.status !== 'pending') return { ticket, login: outcomeOf(response) }
      const code = response.bindingCode ?? ''
      tickets.set(ticket, { cid: response.cid, code })
      return { ticket, login: { state: 'waiting', code } }
    },

    async take(ticket) {
      const asked = tickets.get(ticket)
      if (asked === undefined) return { state: 'over' }
      const response = await authentication().get(asked.cid)
      if (response.status === 'pending') return { state: 'waiting', code: asked.code }
      // Of two polls at once only one still finds the ticket.
      return tickets.delete(ticket) ? outcomeOf(response) : { state: 'over' }
    },

    async cancel(ticket) {
      const asked = tickets.get(ticket)
      tickets.delete(ticket)
      if (asked !== undefined) await authentication().cancel(asked.cid)
    },
  }
}

function outcomeOf(response: AuthenticationResponse): PersonLoginState {
  if (response.isAccepted() && response.selfID !== undefined)
    return { state: 'signed-in', customer: customerBy(response.selfID) }
  switch (response.status) {
    case 'denied':
    case 'expired':
      return { state: response.status }
    case 'unauthorized':
    case 'errored':
      return { state: 'not-asked' }
    default:
      return { state: 'over' }
  }
}

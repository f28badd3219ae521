/** "Email me a link": asks the owner of an address by the chat server, and believes only what it signed. */
import { randomBytes } from 'node:crypto'
import { type AuthenticationClient, createAuthenticationClient } from '@chat-widget/authentication-requests'
import { type Customer, findCustomer } from './customers.ts'

export interface EmailLogin {
  /** The browser's alone: who holds it gets the answer. */
  readonly ticket: string
  /** Shown in the browser that asks; typed on the page that the mail opens. */
  readonly code: string
}

export type EmailLoginState =
  | { readonly state: 'waiting' }
  | { readonly state: 'signed-in'; readonly customer: Customer }
  | { readonly state: 'denied' }
  /** Expired, canceled, could not be sent, or never begun. */
  | { readonly state: 'over' }

export interface EmailLogins {
  /** Rejects with a `ChatError`, e.g. `rate-limited`. */
  begin(email: string, ip: string): Promise<EmailLogin>
  /** An approval is good for one sign-in. */
  take(ticket: string): Promise<EmailLoginState>
  close(): void
}

export interface EmailLoginsOptions {
  readonly chatUrl: () => string
  readonly apiKey: string
}

export function createEmailLogins({ chatUrl, apiKey }: EmailLoginsOptions): EmailLogins {
  let client: AuthenticationClient | undefined
  const tickets = new Map<string, string>()
  // Not before it is needed: the chat server starts after the shop.
  const authentication = () => {
    client ??= createAuthenticationClient({
      server: chatUrl(),
      app: 'shop',
      applicationTitle: 'Northwind shop',
      apiKey,
    })
    return client.authentication()
  }

  return {
    async begin(email, ip) {
      const { cid, bindingCode } = await authentication().request(
        { email },
        { async: true, binding: 'code', userIp: ip },
      )
      const ticket = randomBytes(32).toString('base64url')
      tickets.set(ticket, cid)
      return { ticket, code: bindingCode ?? '' }
    },
    async take(ticket) {
      const cid = tickets.get(ticket)
      if (cid === undefined) return { state: 'over' }
      const res = await authentication().get(cid)
      if (res.status === 'pending') return { state: 'waiting' }
      // Two polls at once: only one of them still finds the ticket.
      if (!tickets.delete(ticket)) return { state: 'over' }
      if (res.accepted === false) return { state: 'denied' }
      return res.isAccepted() && res.selfID !== undefined
        ? { state: 'signed-in', customer: customerBy(res.selfID) }
        : { state: 'over' }
    },
    close: () => client?.close(),
  }
}

/** Whoever reads the mail of an address is its customer, and a new one if the shop knows none. */
const customerBy = (email: string): Customer =>
  findCustomer(email) ?? { email, name: email.split('@')[0] ?? email, plan: 'Basic' }

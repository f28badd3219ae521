/** The shop's customers and their passwords. */
import { createHash, timingSafeEqual } from 'node:crypto'

export interface Customer {
  /**
   * The shop's permanent id of the customer, used as the chat's `userIdentifier`: an email address or an identifier.
   */
  readonly id: string
  readonly name: string
  /** The page passes it to the chat, which treats it as unverified. */
  readonly plan: string
}

interface DemoCustomer extends Omit<Customer, 'id'> {
  readonly email: string
  readonly password: string
}

/** Shown on the sign-in form: this shop sells nothing. */
export const DEMO_CUSTOMERS: readonly DemoCustomer[] = [
  { email: 'alex@example.com', name: 'Alex', plan: 'Trail Club', password: 'northwind' },
  { email: 'sam@example.com', name: 'Sam', plan: 'Basic', password: 'northwind' },
]

const digest = (text: string) => createHash('sha256').update(text).digest()

/** `null` for an unknown email and for a wrong password alike. */
export function checkPassword(email: string, password: string): Customer | null {
  const known = DEMO_CUSTOMERS.find((customer) => customer.email === email.trim().toLowerCase())
  const right = timingSafeEqual(digest(password), digest(known?.password ?? ''))
  return known !== undefined && right ? withoutPassword(known) : null
}

export function findCustomer(id: string): Customer | null {
  const known = DEMO_CUSTOMERS.find((customer) => customer.email === id)
  return known === undefined ? null : withoutPassword(known)
}

/** The customer with this approved email address or identifier, created if the shop knows none. */
export function customerBy(id: string): Customer {
  const name = id.includes('@') ? id.slice(0, id.indexOf('@')) : `Customer …${id.slice(-4)}`
  return findCustomer(id) ?? { id, name, plan: 'Basic' }
}

const withoutPassword = ({ email, name, plan }: DemoCustomer): Customer => ({ id: email, name, plan })

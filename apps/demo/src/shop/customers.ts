/** The shop's customers, and whether a password is right. */
import { createHash, timingSafeEqual } from 'node:crypto'

export interface Customer {
  /** The shop's stable name for the customer, and so the chat's `userIdentifier`. */
  readonly email: string
  readonly name: string
  /** The page knows it and tells the chat, which takes it for what a browser says. */
  readonly plan: string
}

/** Shown on the sign-in form: this shop sells nothing. */
export const DEMO_CUSTOMERS: readonly (Customer & { readonly password: string })[] = [
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

export function findCustomer(email: string): Customer | null {
  const known = DEMO_CUSTOMERS.find((customer) => customer.email === email)
  return known === undefined ? null : withoutPassword(known)
}

const withoutPassword = ({ email, name, plan }: Customer): Customer => ({ email, name, plan })

/** Steps of a scenario, and fast-check's arbitraries for lists of them. */
import fc from 'fast-check'

/** Numbers are places in lists that exist only when the step begins; they wrap around. */
export type Action =
  | { readonly kind: 'connect'; readonly intent: 'anonymous' | 'identify' }
  /** With the present secret of another tab. */
  | { readonly kind: 'second-tab'; readonly tab: number }
  /** With any secret ever issued here, also an ended one. */
  | { readonly kind: 'replay'; readonly secret: number }
  | { readonly kind: 'send'; readonly tab: number }
  /** Into a conversation that may be another owner's. */
  | { readonly kind: 'send-into'; readonly tab: number; readonly conversation: number }
  /** The same client id once more, perhaps by another sender, perhaps with another body. */
  | { readonly kind: 'retry'; readonly tab: number; readonly message: number; readonly changed: boolean }
  | { readonly kind: 'sign-in'; readonly tab: number; readonly user: number; readonly merge: boolean }
  /** Claims to be one user with the token of the other. */
  | { readonly kind: 'forge'; readonly tab: number; readonly user: number }
  | { readonly kind: 'sign-out'; readonly tab: number; readonly everywhere: boolean }
  | { readonly kind: 'fetch'; readonly tab: number; readonly conversation: number }
  | { readonly kind: 'start'; readonly tab: number }
  /** The network breaks, and answers on their way are lost. */
  | { readonly kind: 'drop'; readonly tab: number }

export interface Step {
  readonly action: Action
  /**
   * `null`: once everything before it is answered; else after this many turns of the event loop, whatever still runs.
   */
  readonly after: number | null
}

const place = fc.nat(11)
const user = fc.nat(1)
const kind = <Kind extends Action['kind']>(name: Kind) => fc.constant(name)

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ kind: kind('connect'), intent: fc.constantFrom('anonymous', 'identify') }),
  },
  { weight: 3, arbitrary: fc.record({ kind: kind('second-tab'), tab: place }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('replay'), secret: place }) },
  { weight: 5, arbitrary: fc.record({ kind: kind('send'), tab: place }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('send-into'), tab: place, conversation: place }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: kind('retry'), tab: place, message: place, changed: fc.boolean() }),
  },
  { weight: 5, arbitrary: fc.record({ kind: kind('sign-in'), tab: place, user, merge: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('forge'), tab: place, user }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('sign-out'), tab: place, everywhere: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: kind('fetch'), tab: place, conversation: place }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('start'), tab: place }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('drop'), tab: place }) },
)

export const scenarios: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({ action, after: fc.option(fc.nat(6), { freq: 2 }) }),
  { minLength: 6, maxLength: 15, size: 'max' },
)

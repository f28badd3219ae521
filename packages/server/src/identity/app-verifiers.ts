/** Verifiers of contexts by app. */
import type { AppId } from '@chat-widget/protocol'
import type { AppConfig } from '../config/config.ts'
import { createTurns } from '../limits/turns.ts'
import type { ContextVerifier } from './context-verifier.ts'
import { createContextVerifier } from './create-context-verifier.ts'

/**
 * Verifications of one app: if its verifier hangs, other apps' customers are not delayed, and the queue has a bound.
 */
const VERIFICATIONS = { atOnce: 50, mostWaiting: 1_000 }

/**
 * Made at the start, so that a key that does not fit its algorithms stops the server; verifiers of later apps are made
 * when needed.
 */
export function createVerifiers(
  apps: readonly AppConfig[],
  given: ReadonlyMap<AppId, ContextVerifier> | undefined,
  now: () => number,
): (app: AppConfig) => ContextVerifier {
  const verifiers = new WeakMap<AppConfig, ContextVerifier>()
  const turns = createTurns(VERIFICATIONS)
  const verifierOf = (app: AppConfig) => {
    const known = verifiers.get(app)
    if (known !== undefined) return known
    const verifier = createContextVerifier(app.context, { now })
    verifiers.set(app, verifier)
    return verifier
  }
  for (const app of apps) if (given?.has(app.id) !== true) verifierOf(app)
  return (app) => {
    const verifier = given?.get(app.id) ?? verifierOf(app)
    return { verify: (request, caller) => turns.run(app.id, () => verifier.verify(request, caller)) }
  }
}

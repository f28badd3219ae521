/** Calls observers: an error that one throws is logged and has no other effect. */
import type { AuthenticationResponse, Logger, Observer } from './authentication-client-api.ts'

/** Resolves when the observer is done. Never rejects. */
export async function tell(
  observer: Observer,
  response: AuthenticationResponse,
  logger: Logger,
): Promise<void> {
  try {
    await observer(response)
  } catch (error) {
    logger.error('an observer of authentication requests failed', error)
  }
}

export function assertObserver(observer: unknown): asserts observer is Observer {
  if (typeof observer !== 'function') throw new TypeError('observer: a function is needed')
}

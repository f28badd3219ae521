/** One call of the host's provider: with a time limit, and a check of its answer. */
import { ChatError } from '@chat-widget/protocol'
import type { RequestContext, RequestContextProvider } from '../chat-state.ts'
import { validateContext } from './validate-context.ts'

/**
 * Rejects with `provider-failed`, `provider-timeout` or `context-invalid`, or with `closed` if `cancel` aborts first.
 * Later answers of the provider are dropped ([ID5]).
 */
export async function callProvider(
  provider: RequestContextProvider,
  needsRefresh: boolean,
  timeoutMs: number,
  cancel: AbortSignal,
): Promise<RequestContext> {
  const controller = new AbortController()
  const { signal } = controller
  const stop = (error: ChatError) => {
    if (!signal.aborted) controller.abort(error)
  }
  const onCancel = () => stop(new ChatError('closed', 'the context is no longer wanted'))
  const onTimeout = () =>
    stop(new ChatError('provider-timeout', `requestContextProvider took more than ${timeoutMs} ms`))
  cancel.addEventListener('abort', onCancel)
  const timer = setTimeout(onTimeout, timeoutMs)
  try {
    if (cancel.aborted) onCancel()
    return await new Promise<RequestContext>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason))
      if (signal.aborted) reject(signal.reason)
      else
        Promise.resolve()
          .then(() => {
            if (signal.aborted) throw signal.reason
            return provider(needsRefresh, { signal })
          })
          .then((value) => resolve(validateContext(value)))
          .catch((cause) => reject(asChatError(cause)))
    })
  } finally {
    clearTimeout(timer)
    cancel.removeEventListener('abort', onCancel)
  }
}

function asChatError(cause: unknown): ChatError {
  if (cause instanceof ChatError) return cause
  return new ChatError('provider-failed', 'requestContextProvider threw or rejected', { cause })
}

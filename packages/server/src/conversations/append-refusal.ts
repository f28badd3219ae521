/** Errors for messages that the storage refused. */
import { ChatError } from '@chat-widget/protocol'
import type { AppendResult } from '../storage/storage.ts'

type Refused = Extract<AppendResult, { ok: false }>

export function refusal(refused: Pick<Refused, 'code'> & { readonly problem?: string }): ChatError {
  const { code, problem = 'A message like this cannot be changed.' } = refused
  switch (code) {
    case 'not-found':
      return new ChatError(code, 'There is no such conversation.')
    case 'no-message':
      return new ChatError('not-found', 'There is no such message.')
    case 'client-id-reused':
      return new ChatError(code, 'The client id was used for a message with another body.')
    case 'conflict':
      return new ChatError(code, 'There is an open conversation; send the message there.')
    case 'already-answered':
      return new ChatError(code, 'It was answered before.')
    case 'forbidden':
      return new ChatError(code, 'The app allows one open conversation at a time.')
    case 'bad-request':
      return new ChatError(code, problem)
    case 'unchanged':
      return new ChatError('conflict', 'The message is like this already.')
    default:
      return code satisfies never
  }
}

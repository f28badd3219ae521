/** Chooses the verifier that an app's configuration asks for. */
import { ChatError } from '@chat-widget/protocol'
import type { ContextConfig } from '../config/config.ts'
import type { ContextVerifier } from './context-verifier.ts'
import { createIntrospectVerifier } from './introspect-verifier.ts'
import { createJwksVerifier } from './jwks-verifier.ts'
import { createJwtVerifier } from './jwt-verifier.ts'

/** Makes the app's verifier. Without a configuration nobody can be identified. */
export function createContextVerifier(
  config: ContextConfig | undefined,
  options: { readonly now: () => number },
): ContextVerifier {
  if (config === undefined) return refuseEverybody
  switch (config.kind) {
    case 'jwt':
      return createJwtVerifier(config, options)
    case 'jwks':
      return createJwksVerifier(config, options)
    case 'introspect':
      return createIntrospectVerifier(config, options)
    default:
      return config satisfies never
  }
}

const refuseEverybody: ContextVerifier = {
  async verify() {
    throw new ChatError('context-invalid', 'This app is not configured to verify contexts.')
  },
}

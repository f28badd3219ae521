/** Verifies contexts of the server's own: approvals of authentication requests ([AR15]). */
import type { BuiltInMethod } from '@chat-widget/protocol'
import type { AppConfig } from '../config/config.ts'
import type { Context } from './context.ts'
import type { Verified } from './context-verifier.ts'

interface VerifiedApproval extends Verified {
  readonly method: BuiltInMethod
  /** The session's future secret, made by the device: a repeated claim finds the session that the first one made. */
  readonly sessionSecret: string
}

export interface ApprovalVerifier {
  /**
   * Claims the approval, once. Resolves with `null` for a context of the host, which the app's own verifier handles.
   * Rejects with `context-invalid` if there is nothing to claim, or not for this device, and with `context-mismatch` if
   * another person approved.
   */
  verify(app: AppConfig, userIdentifier: string, context: Context): Promise<VerifiedApproval | null>
}

/** Verifies the one kind of context that is the server's own: the approval of an authentication request ([AR15]). */
import type { BuiltInMethod } from '@chat-widget/protocol'
import type { AppConfig } from '../config/config.ts'
import type { Context } from './context.ts'
import type { Verified } from './context-verifier.ts'

interface VerifiedApproval extends Verified {
  readonly method: BuiltInMethod
  /** The session's secret from now on, made by the device: the same claim again finds the session that it made. */
  readonly sessionSecret: string
}

export interface ApprovalVerifier {
  /**
   * Claims the approval, once. `null`: the context is the host's, for the app's own verifier. Rejects with
   * `context-invalid` where nothing is to be claimed, or not by this, and with `context-mismatch` where somebody else
   * approved.
   */
  verify(app: AppConfig, userIdentifier: string, context: Context): Promise<VerifiedApproval | null>
}

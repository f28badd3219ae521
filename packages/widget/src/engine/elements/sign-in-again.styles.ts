/** Styles of the banner's buttons for an identity that has ended. */
import { buttonStyles } from './button.styles.ts'

export const signInAgainStyles = `${buttonStyles}
.banner.strong { display: grid; gap: 12px; padding-block: 16px; text-wrap: pretty; }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; }
small { margin-block-start: 4px; color: var(--_muted); font-size: 13px; }
`

/** Styles of the banner's buttons for an identity that has ended. */
import { buttonStyles } from './button.styles.ts'

export const signInAgainStyles = `${buttonStyles}
.banner.strong { display: grid; gap: 12px; padding-block: 16px; }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; }
.banner .quiet:hover { background: var(--_surface); }
.bad { display: block; margin-block-end: 4px; color: var(--_danger); font-weight: 600; }
small { margin-block-start: 4px; color: var(--_muted); font-size: 13px; }
`

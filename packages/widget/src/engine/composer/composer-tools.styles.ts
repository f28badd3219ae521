/** Styles of what stands below the text field. */
export const composerToolsStyles = `
.left { padding: 0 26px 10px; color: var(--_muted); font-size: 13px; text-align: end; }
.left.full { color: var(--_danger); text-align: start; }
`

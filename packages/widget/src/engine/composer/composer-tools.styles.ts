/** Styles of what stands below the text field. */
export const composerToolsStyles = `
/* Below the room that the form leaves for a phone's bar, which is then left here. */
.left { margin-block-start: calc(12px - max(12px, env(safe-area-inset-bottom))); padding: 0 calc(30px + var(--_side-room)) max(10px, env(safe-area-inset-bottom)); color: var(--_muted); font-size: 13px; text-align: end; }
.question { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; padding: 0 4px 10px; font-size: 14px; }
.question span { flex: 1 1 100%; padding-inline: 10px; color: var(--_muted); }
.question button { min-block-size: 40px; padding-inline: 16px; border: 1px solid var(--_edge); border-radius: 20px; color: var(--_text); font-weight: 600; }
.question button:hover { background: var(--_raised); }
.left.full { color: var(--_danger); text-align: start; }
`

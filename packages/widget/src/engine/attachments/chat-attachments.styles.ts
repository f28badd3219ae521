/** Styles of the chosen files, and of the place to drop them. */
export const attachmentsStyles = `
:host { display: block; padding: 2px 2px 8px; }
ul { display: flex; gap: 8px; margin: 0; padding: 6px; list-style: none; overflow-x: auto; overscroll-behavior: contain; scrollbar-width: thin; }
li { position: relative; flex: none; display: flex; align-items: center; gap: 10px; max-inline-size: 260px; min-block-size: 64px; padding: 8px 40px 8px 8px; padding-inline: 8px 40px; border: 1px solid var(--_line); border-radius: 14px; background: var(--_raised); }
li.bad { border-color: var(--_danger); }
canvas, .type { flex: none; inline-size: 48px; block-size: 48px; border-radius: 9px; object-fit: cover; }
.type { border: 1.5px solid var(--_edge); display: grid; place-items: center; color: var(--_muted); font-size: 11px; font-weight: 700; letter-spacing: .03em; }
.words { min-inline-size: 0; display: grid; gap: 1px; font-size: 13px; line-height: 1.35; }
.name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 550; text-align: -webkit-match-parent; text-align: match-parent; }
.size { color: var(--_muted); font-variant-numeric: tabular-nums; }
.bad .size { color: var(--_danger); overflow-wrap: anywhere; }
.remove { position: absolute; inset-block-start: 4px; inset-inline-end: 4px; display: grid; place-items: center; inline-size: 32px; block-size: 32px; border-radius: 50%; color: var(--_muted); }
.remove:hover { background: color-mix(in srgb, var(--_text) 9%, transparent); color: var(--_text); }
.remove svg { inline-size: 16px; block-size: 16px; stroke-width: 2.2; }
label { display: flex; align-items: center; gap: 10px; min-block-size: 32px; padding: 2px 10px; color: var(--_muted); font-size: 13px; cursor: pointer; }
input { flex: none; inline-size: 18px; block-size: 18px; margin: 0; accent-color: var(--_accent); }
@media (forced-colors: active) { .remove { border: 1px solid ButtonText; } }
`

export const dropStyles = `
:host { position: relative; }
.drop { position: absolute; inset: 0; z-index: 1; display: grid; place-items: center; padding: 24px; background: color-mix(in srgb, var(--_surface) 94%, transparent); pointer-events: none; }
.drop::before { content: ''; position: absolute; inset: 12px; border: 2px dashed var(--_ring); border-radius: 16px; }
.drop span { padding: 12px 20px; border-radius: 22px; background: var(--_accent); color: var(--_on-accent); font-weight: 650; text-align: center; }
@media (forced-colors: active) { .drop span { border: 1px solid CanvasText; } }
`

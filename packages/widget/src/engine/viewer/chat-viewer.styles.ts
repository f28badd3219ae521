/** Styles of the picture over the page. */
export const viewerStyles = `
dialog { position: fixed; inset: 0; box-sizing: border-box; inline-size: 100%; block-size: 100%; max-inline-size: none; max-block-size: none; margin: 0; padding: 0; border: none; overflow: hidden; background: #0b0c0e; color: #fff; overscroll-behavior: contain; }
dialog[open] { display: flex; flex-direction: column; }
dialog::backdrop { background: none; }
.bar { flex: none; display: flex; align-items: center; gap: 4px; padding: max(8px, env(safe-area-inset-top)) max(8px, env(safe-area-inset-right)) 8px max(16px, env(safe-area-inset-left)); }
.bar:dir(rtl) { padding-inline: max(16px, env(safe-area-inset-right)) max(8px, env(safe-area-inset-left)); }
.bar strong { min-inline-size: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-size: 15px; font-weight: 600; text-align: -webkit-match-parent; text-align: match-parent; }
.bar span { flex: 1; min-inline-size: max-content; padding-inline: 8px; color: #c9cdd4; font-size: 13px; white-space: nowrap; }
.icon-button { flex: none; color: #fff; }
.icon-button:hover { background: #fff2; color: #fff; }
.icon-button[aria-disabled=true] { opacity: .45; cursor: default; }
:focus-visible { outline-color: #fff; }
.stage { flex: 1; min-block-size: 0; display: grid; place-items: safe center; overflow: auto; scrollbar-width: thin; scrollbar-color: #fff6 transparent; touch-action: pan-x pan-y; user-select: none; }
.stage:focus-visible { outline-offset: -4px; }
.stage.zoomed { cursor: grab; }
.stage.zoomed:active { cursor: grabbing; }
.stage > * { grid-area: 1 / 1; }
canvas { display: block; background: #fff1; }
p { margin: 0; padding: 24px; color: #e4e7ec; text-align: center; }
p:empty { display: none; }
@media (max-width: 480px) { .bar span { display: none; } .bar strong { flex: 1; } }
@media (forced-colors: active) { .icon-button { color: ButtonText; } }
`

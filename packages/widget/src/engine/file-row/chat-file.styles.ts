/** Styles of a file in a bubble, and of that bubble. */
export const bubbleStyles = `
.bubble:has(chat-widget-file) { position: relative; padding: 0; overflow: hidden; }
/* Above the picture, which may be as light as the panel. */
.bubble:has(chat-widget-file)::after { content: ''; position: absolute; inset: 0; border: 1px solid color-mix(in srgb, var(--_text) 12%, transparent); border-radius: inherit; pointer-events: none; }
.failed .bubble:has(chat-widget-file)::after { border-color: var(--_danger); }
chat-widget-file { display: block; max-inline-size: 100%; }
`

export const fileStyles = `
:host { position: relative; white-space: normal; }
button { box-sizing: border-box; }
button:focus-visible { outline-offset: -3px; outline-color: currentColor; }
.picture { position: relative; display: block; min-block-size: 56px; max-inline-size: 100%; background: color-mix(in srgb, currentColor 10%, transparent); }
.picture:focus-visible { outline: 3px solid var(--_text); outline-offset: -3px; box-shadow: inset 0 0 0 5px var(--_surface); }
canvas { display: block; inline-size: 100%; block-size: 100%; object-fit: cover; }
canvas:not(.drawn) { opacity: 0; }
canvas.drawn { transition: opacity .15s; }
.file { display: flex; align-items: center; gap: 12px; inline-size: 100%; min-inline-size: min(220px, 100%); padding: 10px 14px 10px 10px; padding-inline: 10px 14px; text-align: start; }
button.file:hover .name { text-decoration: underline; text-underline-offset: 2px; }
.type { flex: none; display: grid; place-items: center; inline-size: 44px; block-size: 44px; border-radius: 11px; border: 1.5px solid color-mix(in srgb, currentColor 40%, transparent); font-size: 11px; font-weight: 700; letter-spacing: .03em; }
.type::before { content: attr(data-letters); }
.words { flex: 1; min-inline-size: 0; display: grid; gap: 1px; }
.name { overflow-wrap: anywhere; font-weight: 550; line-height: 1.35; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; text-align: -webkit-match-parent; text-align: match-parent; }
.size { font-size: 13px; font-variant-numeric: tabular-nums; }
.caption { padding: 9px 14px; white-space: pre-wrap; overflow-wrap: anywhere; text-align: -webkit-match-parent; text-align: match-parent; }
:is(.file, .problem, .note) + .caption { padding-block-start: 0; }
.problem { padding: 0 14px 10px; font-size: 13px; }
.picture + .problem { padding-block-start: 10px; }
.note { padding: 0 14px 10px; font-size: 13px; }
.picture + .note { padding-block-start: 8px; }
.bar { block-size: 4px; margin: 0 10px 10px; border-radius: 2px; overflow: hidden; background: color-mix(in srgb, currentColor 25%, transparent); }
.picture + .bar { position: relative; margin-block-start: -14px; background: #0008; color: #fff; }
.bar i { display: block; block-size: 100%; border-radius: 2px; background: currentColor; transition: inline-size .2s linear; }
.cancel { position: absolute; inset-block-start: 8px; inset-inline-end: 8px; display: grid; place-items: center; inline-size: 32px; block-size: 32px; border-radius: 50%; background: #000a; color: #fff; }
.file.pending { padding-inline-end: 52px; }
.file.pending ~ .cancel { inset-block-start: 16px; inset-inline-end: 10px; background: color-mix(in srgb, currentColor 16%, transparent); color: inherit; }
.cancel svg { inline-size: 16px; block-size: 16px; stroke-width: 2.4; }
@media (forced-colors: active) {
  .picture, .type, .cancel, .bar { border: 1px solid CanvasText; }
  .bar { block-size: 8px; }
  .bar i { background: Highlight; forced-color-adjust: none; }
}
`

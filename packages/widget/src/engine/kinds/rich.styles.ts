/** Styles of Markdown in bubbles, and of the sign that somebody is typing. */
export const richStyles = `
.rich { white-space: normal; }
:where(.rich) :where(p, ul, ol, pre, blockquote) { margin: 0; }
.rich > * + *, .rich :is(li, blockquote) > * + :is(p, pre, blockquote) { margin-block-start: 8px; }
.rich :is(ul, ol) { padding-inline-start: 22px; }
.rich li + li, .rich li > :is(ul, ol) { margin-block-start: 4px; }
.rich li::marker { color: var(--_muted); font-variant-numeric: tabular-nums; }
.rich strong { font-weight: 650; }
.rich :is(code, pre) { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .9em; }
.rich code { padding: 1px 5px; border-radius: 6px; background: var(--_surface); }
.rich pre { padding: 10px 12px; border-radius: 10px; background: var(--_surface); white-space: pre-wrap; tab-size: 2; unicode-bidi: plaintext; }
.rich pre code { padding: 0; background: none; font-size: inherit; }
.rich blockquote { padding-inline-start: 12px; border-inline-start: 3px solid color-mix(in srgb, currentColor 30%, transparent); }
.bubble a { color: inherit; unicode-bidi: isolate; text-decoration: underline; text-underline-offset: 2px; }
.bubble a:focus-visible { outline-color: currentColor; }
.typing { display: flex; align-items: center; gap: 8px; min-block-size: 38px; margin-block-start: 10px; color: var(--_muted); font-size: 13px; }
.dots { display: inline-flex; gap: 4px; padding: 12px 14px; border-radius: 18px; background: var(--_raised); }
.dots i { inline-size: 7px; block-size: 7px; border-radius: 50%; background: var(--_muted); animation: dot 1.1s 4 ease-in-out; }
.dots i:nth-child(2) { animation-delay: .15s; }
.dots i:nth-child(3) { animation-delay: .3s; }
@keyframes dot { 0%, 60%, 100% { translate: 0 0; opacity: .5; } 30% { translate: 0 -3px; opacity: 1; } }
.author img { inline-size: 20px; block-size: 20px; margin-inline-end: 6px; border-radius: 50%; vertical-align: -5px; object-fit: cover; }
.own .rich :is(code, pre) { background: none; }
.own .rich li::marker { color: inherit; }
.bubble:has(> .deleted) { background: none; color: var(--_muted); box-shadow: inset 0 0 0 1px var(--_line); }
@media (forced-colors: active) { .rich pre, .rich code { border: 1px solid; } }
`

/** Styles of the line below the name. */
export const whoStyles = `
/* A form in the composer's place. */
chat-widget-message-list:last-child { padding-block-end: env(safe-area-inset-bottom); }
.who { display: flex; align-items: baseline; gap: 6px; margin-block-start: 1px; color: var(--_muted); font-size: 13px; font-weight: 400; line-height: 1.3; letter-spacing: 0; white-space: normal; }
.who i { flex: none; box-sizing: border-box; inline-size: 8px; block-size: 8px; border: 2px solid var(--_edge); border-radius: 50%; }
.who .online { border-color: var(--_ok); background: var(--_ok); }
@media (forced-colors: active) { .who i { border-color: CanvasText; } .who .online { background: CanvasText; } }
`

/** Styles of the frame around the panel, and the colours everything inside is made of. */

export const panelFrameStyles = `
.panel {
  --_surface: var(--chat-surface, #fff);
  --_text: var(--chat-text, #191c22);
  --_danger: #b3261e;
  --_ok: #17663a;
  --_raised: color-mix(in srgb, var(--_text) 7%, var(--_surface));
  --_muted: color-mix(in srgb, var(--_text) 72%, var(--_surface));
  --_line: color-mix(in srgb, var(--_text) 12%, var(--_surface));
  --_edge: color-mix(in srgb, var(--_text) 48%, var(--_surface));
  box-sizing: border-box;
  display: none;
  flex-direction: column;
  overflow: hidden;
  color-scheme: light;
  background: var(--_surface);
  color: var(--_text);
  cursor: default;
  overflow-wrap: anywhere;
}
.panel[data-dark] {
  --_surface: var(--chat-surface, #16181d);
  --_text: var(--chat-text, #f0f2f6);
  --_danger: #ff9d94;
  --_ok: #74d69d;
  color-scheme: dark;
}
.panel.inline {
  display: flex;
  block-size: 100%;
  min-block-size: 320px;
  border: 1px solid var(--_line);
  border-radius: var(--chat-radius, 18px);
}
.panel.floating {
  position: fixed;
  inset-block-end: calc(max(var(--_offset), env(safe-area-inset-bottom)) + var(--_size) + 16px);
  inset-inline-end: var(--_offset);
  inline-size: min(var(--chat-width, 400px), 100vw - 2 * var(--_offset));
  block-size: min(var(--chat-height, 680px), 100dvh - var(--_size) - 2 * var(--_offset) - 16px);
  border: 1px solid var(--_line);
  border-radius: var(--chat-radius, 18px);
  box-shadow: 0 2px 6px #00000014, 0 16px 48px #00000038;
}
:host([position='bottom-start']) .panel.floating { inset-inline: var(--_offset) auto; }
.panel.floating[open] { display: flex; }
.panel.floating:popover-open { display: flex; }
.panel::backdrop { background: none; }
@media (max-width: 480px) {
  .panel.floating {
    inset: 0 !important;
    inset-block-start: var(--_keyboard-top, 0) !important;
    inline-size: 100%;
    block-size: var(--_keyboard-height, 100dvh);
    max-inline-size: none;
    max-block-size: none;
    border: none;
    border-radius: 0;
  }
}
@media (forced-colors: active) { .panel { border: 1px solid CanvasText !important; } }
`

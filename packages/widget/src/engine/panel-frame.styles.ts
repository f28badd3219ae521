/** Styles of the frame around the panel, and the colours that its content is made of. */
import { DANGER, DANGER_DARK, OK, OK_DARK, SURFACE, SURFACE_DARK, TEXT, TEXT_DARK } from './colors.ts'

export const panelFrameStyles = `
.panel {
  --_surface: var(--chat-surface, ${SURFACE});
  --_text: var(--chat-text, ${TEXT});
  --_raised: color-mix(in srgb, var(--_text) 7%, var(--_surface));
  --_muted: color-mix(in srgb, var(--_text) 72%, var(--_surface));
  --_line: color-mix(in srgb, var(--_text) 12%, var(--_surface));
  --_edge: color-mix(in srgb, var(--_text) 52%, var(--_surface));
  --_ring: var(--_accent);
  --_danger: ${DANGER};
  --_ok: ${OK};
  /* Beside a readable column, in a wide page. */
  --_side-room: max(0px, 50% - 360px);
  box-sizing: border-box;
  display: none;
  flex-direction: column;
  overflow: hidden;
  border: 1px solid var(--_line);
  border-radius: var(--chat-radius, 18px);
  color-scheme: light;
  background: var(--_surface);
  color: var(--_text);
  cursor: default;
  overflow-wrap: anywhere;
}
.panel[data-dark] {
  --_surface: var(--chat-surface-dark, var(--chat-surface, ${SURFACE_DARK}));
  --_text: var(--chat-text-dark, var(--chat-text, ${TEXT_DARK}));
  --_danger: ${DANGER_DARK};
  --_ok: ${OK_DARK};
  color-scheme: dark;
}
.mark, .panel ::slotted(*) { flex: none; margin-inline-end: 12px; }
.mark {
  display: grid;
  place-items: center;
  inline-size: 36px;
  block-size: 36px;
  border-radius: 50%;
  background: var(--_accent);
  color: var(--_on-accent);
  font-weight: 650;
}
.panel ::slotted(*) { max-inline-size: 120px; max-block-size: 40px; object-fit: contain; }
.probe {
  position: absolute;
  inline-size: 0;
  block-size: 0;
  caret-color: var(--_accent);
  background: var(--_surface);
  color: var(--_text);
  transition: 1ms;
}
.panel.inline {
  display: flex;
  block-size: 100%;
  min-block-size: 320px;
}
.panel.floating {
  position: fixed;
  inset-block-end: calc(var(--_block) + var(--_size) + 16px);
  inset-inline: var(--_side);
  inline-size: min(var(--chat-width, 400px), 100vw - 2 * var(--_inline));
  block-size: min(var(--chat-height, 680px), 100dvh - var(--_size) - 2 * var(--_block) - 16px);
  box-shadow: 0 2px 6px #00000014, 0 16px 48px #00000038;
}
.panel::backdrop { background: none; }
.panel.floating:is([open], :popover-open) {
  display: flex;
  transition: opacity .18s cubic-bezier(.2, .8, .3, 1), transform .18s cubic-bezier(.2, .8, .3, 1);
  @starting-style { opacity: 0; transform: translateY(10px) scale(.985); }
}
/* From full screen it closes at once. */
.panel.floating[aria-modal=false]:not([open], :popover-open) {
  opacity: 0;
  transform: translateY(10px) scale(.985);
  transition: all .11s ease-in allow-discrete;
}
@media (prefers-reduced-motion: reduce) { .panel.floating { transition: none !important; } }
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

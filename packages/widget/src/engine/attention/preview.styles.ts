/** Styles of the preview: on the panel's surface, with text in black or white, which needs no script to be readable. */
import { BLACK_OR_WHITE } from '../../shell/readable-on.ts'
import { SURFACE, TEXT, TEXT_DARK } from '../colors.ts'

export const previewStyles = `
.preview {
  position: absolute;
  inset-block-end: calc(100% + 12px);
  inset-inline-end: 0;
  box-sizing: border-box;
  inline-size: max-content;
  max-inline-size: min(320px, 100vw - 2 * var(--_inline));
  --_surface: var(--chat-surface, ${SURFACE});
  --_text: ${TEXT};
  border: 1px solid color-mix(in srgb, var(--_text) 14%, var(--_surface));
  border-radius: 16px;
  background: var(--_surface);
  color: var(--_text);
  box-shadow: 0 2px 6px #00000014, 0 12px 32px #0000002e;
  animation: preview .22s cubic-bezier(.2, .8, .3, 1);
}
:host([position=bottom-start]) .preview { inset-inline: 0 auto; }
.frame[data-dark] .preview { --_surface: var(--chat-surface-dark, var(--chat-surface, #22252c)); --_text: ${TEXT_DARK}; }
@supports (color: color(from red xyz-d65 x y z)) {
  .frame .preview, .frame[data-dark] .preview {
    --_text: color(from var(--_surface) ${BLACK_OR_WHITE});
    background: rgb(from var(--_surface) r g b / 1);
  }
}
@keyframes preview { from { opacity: 0; translate: 0 8px; } }
.preview button { all: unset; box-sizing: border-box; cursor: pointer; }
.preview button:focus-visible { outline: 2px solid currentColor; outline-offset: -3px; border-radius: 15px; }
.preview .preview-open {
  display: flex;
  align-items: center;
  gap: 12px;
  inline-size: 100%;
  min-block-size: 60px;
  padding-block: 12px;
  padding-inline: 16px 48px;
}
.preview img { flex: none; align-self: start; inline-size: 36px; block-size: 36px; border-radius: 50%; object-fit: cover; }
.preview-words { display: grid; gap: 2px; min-inline-size: 0; }
.preview-author { font-size: 13px; font-weight: 600; overflow-wrap: anywhere; }
.preview-text {
  display: -webkit-box;
  -webkit-box-orient: vertical;
  -webkit-line-clamp: 3;
  overflow: hidden;
  overflow-wrap: anywhere;
  text-align: -webkit-match-parent;
  text-align: match-parent;
}
.preview .preview-close {
  position: absolute;
  inset-block-start: 4px;
  inset-inline-end: 4px;
  display: grid;
  place-items: center;
  inline-size: 36px;
  block-size: 36px;
}
.preview svg { inline-size: 18px; block-size: 18px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; }
@media (prefers-reduced-motion: reduce) { .preview { animation: none; } }
@media (forced-colors: active) { .preview { border-color: CanvasText; } }
`

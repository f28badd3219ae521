/** Styles of the preview. Its colours are its own: those of a page can be read on the panel's surface alone. */
export const previewStyles = `
.preview {
  position: absolute;
  inset-block-end: calc(100% + 12px);
  inset-inline-end: 0;
  box-sizing: border-box;
  inline-size: max-content;
  max-inline-size: min(320px, 100vw - 2 * var(--_inline));
  border: 1px solid #0000001f;
  border-radius: 16px;
  background: #fff;
  color: #191c22;
  box-shadow: 0 2px 6px #00000014, 0 12px 32px #0000002e;
  animation: preview .22s cubic-bezier(.2, .8, .3, 1);
}
:host([position=bottom-start]) .preview { inset-inline: 0 auto; }
.frame[data-dark] .preview { border-color: #ffffff2e; background: #22252c; color: #f0f2f6; }
@keyframes preview { from { opacity: 0; translate: 0 8px; } }
.preview button { all: unset; box-sizing: border-box; cursor: pointer; }
.preview button:focus-visible { outline: 2px solid currentColor; outline-offset: -3px; border-radius: 15px; }
.preview .preview-open {
  display: grid;
  align-content: center;
  gap: 2px;
  inline-size: 100%;
  min-block-size: 60px;
  padding-block: 12px;
  padding-inline: 16px 48px;
}
.preview-author { font-size: 13px; opacity: .8; overflow-wrap: anywhere; }
.preview-text {
  display: -webkit-box;
  -webkit-box-orient: vertical;
  -webkit-line-clamp: 3;
  overflow: hidden;
  overflow-wrap: anywhere;
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

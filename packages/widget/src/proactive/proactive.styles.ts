/**
 * Styles of the bubble beside the launcher. In the top layer, so that nothing of the page is above it. `--_surface` is the
 * chat's; the text on it is black or white.
 */
import { BLACK_OR_WHITE } from '../shell/readable-on.ts'

export const proactiveStyles = `
:host { all: initial; display: contents; }
.bubble {
  position: fixed;
  inset: auto;
  margin: 0;
  box-sizing: border-box;
  max-inline-size: min(300px, 100vw - 32px);
  padding: 0;
  --_text: #191c22;
  border: 1px solid color-mix(in srgb, var(--_text) 14%, var(--_surface));
  border-radius: 18px;
  background: var(--_surface);
  color: var(--_text);
  font: 15px/1.45 var(--_font);
  box-shadow: 0 2px 6px #00000014, 0 12px 36px #00000033;
  overflow-wrap: anywhere;
  transition: opacity .2s, transform .2s;
}
.bubble:not([hidden]) { display: flex; align-items: flex-start; }
@starting-style { .bubble:not([hidden]) { opacity: 0; transform: translateY(8px); } }
.bubble[data-dark] { --_text: #f0f2f6; }
@supports (color: color(from red xyz-d65 x y z)) {
  .bubble, .bubble[data-dark] {
    --_text: color(from var(--_surface) ${BLACK_OR_WHITE});
    background: rgb(from var(--_surface) r g b / 1);
  }
}
button { border: 0; border-radius: 17px; background: none; color: inherit; font: inherit; text-align: start; cursor: pointer; }
.text { padding: 12px 0 12px 16px; padding-inline: 16px 0; white-space: pre-line; unicode-bidi: plaintext; text-align: -webkit-match-parent; text-align: match-parent; }
.close { flex: none; inline-size: 40px; block-size: 44px; font-size: 20px; line-height: 1; text-align: center; }
button:focus-visible { outline: 2px solid currentColor; outline-offset: -3px; }
@media (prefers-reduced-motion: reduce) { .bubble { transition: none; } }
@media (forced-colors: active) { .bubble { border-color: CanvasText; } }
@media print { .bubble { display: none !important; } }
`

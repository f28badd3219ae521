/** Styles of the bubble beside the launcher. In the top layer, so that nothing of the page is above it. */
export const proactiveStyles = `
:host { all: initial; display: contents; }
.bubble {
  position: fixed;
  inset: auto;
  margin: 0;
  box-sizing: border-box;
  max-inline-size: min(300px, 100vw - 32px);
  padding: 0;
  border: 1px solid #0002;
  border-radius: 18px;
  background: #fff;
  color: #191c22;
  font: 15px/1.45 var(--_font);
  box-shadow: 0 2px 6px #00000014, 0 12px 36px #00000033;
  overflow-wrap: anywhere;
  transition: opacity .2s, transform .2s;
}
.bubble:not([hidden]) { display: flex; align-items: flex-start; }
@starting-style { .bubble:not([hidden]) { opacity: 0; transform: translateY(8px); } }
.bubble[data-dark] { border-color: #fff3; background: #16181d; color: #f0f2f6; }
button { border: 0; border-radius: 17px; background: none; color: inherit; font: inherit; text-align: start; cursor: pointer; }
.text { padding: 12px 0 12px 16px; padding-inline: 16px 0; white-space: pre-line; }
.close { flex: none; inline-size: 40px; block-size: 44px; font-size: 20px; line-height: 1; text-align: center; }
button:focus-visible { outline: 2px solid currentColor; outline-offset: -3px; }
@media (prefers-reduced-motion: reduce) { .bubble { transition: none; } }
@media (forced-colors: active) { .bubble { border-color: CanvasText; } }
@media print { .bubble { display: none !important; } }
`

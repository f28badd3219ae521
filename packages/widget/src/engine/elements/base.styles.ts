/** Styles shared by the panel's elements: box model, focus rings, icon buttons, text for screen readers only. */
export const baseStyles = `
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
.place { display: contents; }
button {
  all: unset;
  box-sizing: border-box;
  cursor: pointer;
}
:focus-visible { outline: 2px solid var(--_text); outline-offset: 2px; }
button[disabled] { cursor: default; }
.icon-button {
  display: grid;
  place-items: center;
  inline-size: 44px;
  block-size: 44px;
  border-radius: 12px;
  color: var(--_muted);
  transition: background .15s, color .15s;
}
.icon-button:hover { background: var(--_raised); color: var(--_text); }
.icon-button:focus-visible { outline-offset: -2px; }
.link {
  color: var(--_text);
  font-weight: 600;
  text-decoration: underline;
  text-underline-offset: 2px;
  min-block-size: 24px;
}
svg {
  inline-size: 22px;
  block-size: 22px;
  fill: none;
  stroke: currentColor;
  stroke-width: 1.8;
  stroke-linecap: round;
  stroke-linejoin: round;
}
.sr {
  position: absolute;
  inline-size: 1px;
  block-size: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
@media (prefers-reduced-motion: reduce) { *, *::before, *::after { animation: none !important; transition: none !important; } }
@media (forced-colors: active) {
  .icon-button { border: 1px solid ButtonText; }
  :focus-visible { outline-color: Highlight; }
}
`

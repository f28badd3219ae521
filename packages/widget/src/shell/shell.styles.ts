/**
 * Styles of the host element, the frame that seals it, and the launcher.
 *
 * The frame resets everything a page's CSS could hand down, and stands in the top layer, so nothing a page does to the
 * host's own box can reach it. That box has the launcher's place and size, without taking clicks: a page may hide the
 * element (`display: none`) and tools find it where the visitor does. Important declarations here beat a page's own.
 * Lengths are px because rem depends on the page.
 */
import { BLACK_OR_WHITE } from './readable-on.ts'

export const shellStyles = `
:host {
  display: block;
  --_inline: max(var(--chat-offset-inline, 20px), env(safe-area-inset-left), env(safe-area-inset-right));
  --_side: auto var(--_inline);
  --_block: max(var(--chat-offset-block, 20px), env(safe-area-inset-bottom));
  --_size: var(--chat-launcher-size, 60px);
}
:host([position=bottom-start]) { --_side: var(--_inline) auto; }
:host(:not([mode=inline])), .launcher-frame {
  position: fixed !important;
  inset-block: auto var(--_block) !important;
  inset-inline: var(--_side) !important;
}
:host(:not([mode=inline])) {
  inline-size: var(--_size) !important;
  block-size: var(--_size) !important;
  margin: 0 !important;
  pointer-events: none !important;
}
:host([mode=inline]) { block-size: var(--chat-height, 600px); }
:host([hidden]) { display: none !important; }
.frame {
  all: initial;
  --_accent: var(--chat-accent, #2457e6);
  --_on-accent: var(--chat-on-accent, #fff);
  font: 400 15px/1.45 var(--chat-font, system-ui, 'Noto Sans', Arial, sans-serif);
  -webkit-text-size-adjust: 100%;
  -webkit-tap-highlight-color: transparent;
  z-index: var(--chat-z-index, 2147483647);
}
.frame[data-dark] { --_accent: var(--chat-accent-dark, var(--chat-accent, #2457e6)); }
@supports (color: color(from red xyz-d65 x y z)) {
  .frame {
    --_on-accent: var(--chat-on-accent, color(from var(--_accent) ${BLACK_OR_WHITE}));
  }
}
:host([mode=inline]) .launcher-frame { display: none; }
.launcher {
  all: unset;
  box-sizing: border-box;
  position: relative;
  inline-size: var(--_size);
  block-size: var(--_size);
  border-radius: 50%;
  background: var(--_accent);
  color: var(--_on-accent);
  cursor: pointer;
  box-shadow: 0 1px 3px #0003, 0 6px 20px #0000002e;
  transition: .2s;
}
.launcher:hover { scale: 1.05; }
.launcher:active { scale: .96; }
/* One of the two can be seen on any page. */
.launcher:focus-visible { outline: 3px solid #14161a; outline-offset: 3px; box-shadow: 0 0 0 3px #fff; }
.launcher, .launcher slot { display: grid; grid: 100%/100%; place-items: center; }
.launcher slot { inline-size: 100%; block-size: 100%; clip-path: circle(); }
.launcher ::slotted(*) { max-inline-size: 60%; max-block-size: 60%; object-fit: contain; }
.launcher svg {
  inline-size: 50%;
  block-size: 50%;
  fill: none;
  stroke: currentColor;
  stroke-width: 1.8;
  stroke-linecap: round;
  stroke-linejoin: round;
}
.launcher > * { grid-area: 1/1; transition: .2s; }
.launcher[aria-expanded=false] > svg, .launcher[aria-expanded=true] > slot { opacity: 0; rotate: 30deg; scale: .6; }
.launcher[aria-busy=true] > * { animation: pulse 1s 4 alternate; }
@keyframes pulse { to { opacity: .45; } }
.badge {
  position: absolute;
  inset-block-start: -3px;
  inset-inline-end: -3px;
  box-sizing: border-box;
  min-inline-size: 22px;
  block-size: 22px;
  padding-inline: 5px;
  border-radius: 11px;
  border: 2px solid #fff;
  background: #c8232c;
  color: #fff;
  font-size: 12px;
  font-weight: 600;
  line-height: 18px;
  text-align: center;
}
.badge:empty, .notice:empty { display: none; }
.news { position: absolute; clip-path: inset(50%); }
.notice {
  position: absolute;
  inset-block-end: calc(100% + 12px);
  inset-inline-end: 0;
  inline-size: max-content;
  max-inline-size: min(260px, 80vw);
  padding: 10px 14px;
  border-radius: 12px;
  border: 1px solid #fff3;
  background: #1c1f26;
  color: #fff;
  box-shadow: 0 4px 16px #0004;
}
:host([position=bottom-start]) .notice { inset-inline: 0 auto; }
@media (prefers-reduced-motion: reduce) { .launcher, .launcher * { transition: none; animation: none !important; } }
@media (forced-colors: active) {
  .launcher { border: 2px solid ButtonText; background: ButtonFace; color: ButtonText; }
  .launcher:focus-visible { outline-color: Highlight; }
}
@media print { .frame { display: none !important; } }
`

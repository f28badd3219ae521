/** Styles of cards. */
export const cardsStyles = `
:host { display: block; inline-size: 100%; }
.carousel { position: relative; margin-inline: -16px; }
.row { display: flex; gap: 10px; }
.row:focus { outline: none; }
.carousel .row {
  padding: 2px 16px;
  overflow-x: auto;
  overscroll-behavior-x: contain;
  scroll-snap-type: x mandatory;
  scroll-padding-inline: 16px;
  scrollbar-width: none;
}
.carousel .row:focus-visible { outline: 2px solid var(--_text); outline-offset: -2px; border-radius: 16px; }
.item { flex: 0 0 min(78%, 260px); display: flex; scroll-snap-align: start; }
.card {
  flex: 1;
  display: flex;
  flex-direction: column;
  min-inline-size: 0;
  overflow: hidden;
  border: 1px solid var(--_line);
  border-radius: 16px;
  background: var(--_surface);
  box-shadow: 0 1px 3px #0000000f;
}
.one .card { flex: 0 1 300px; }
.image { position: relative; display: grid; place-items: center; aspect-ratio: 16 / 9; overflow: hidden; background: var(--_raised); }
.image span { padding: 12px 16px; max-block-size: 100%; color: var(--_muted); font-size: 13px; text-align: center; }
img { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; object-fit: cover; color: transparent; }
img.lost { opacity: 0; }
.text { flex: 1; padding: 12px 14px; }
strong { display: block; font-weight: 650; line-height: 1.35; text-wrap: balance; }
p { margin: 3px 0 0; color: var(--_muted); font-size: 14px; white-space: pre-wrap; }
.buttons { border-block-start: 1px solid var(--_line); }
.action {
  display: flex;
  align-items: center;
  justify-content: center;
  gap: 6px;
  box-sizing: border-box;
  inline-size: 100%;
  min-block-size: 44px;
  padding: 8px 14px;
  color: var(--_text);
  font-weight: 600;
  line-height: 20px;
  text-align: center;
  text-decoration: none;
  transition: background .15s;
}
.action + .action { border-block-start: 1px solid var(--_line); }
a.action, button.action { cursor: pointer; }
a.action:hover, button.action:hover { background: var(--_raised); }
.action:focus-visible { outline-offset: -3px; border-radius: 12px; }
.action svg { flex: none; inline-size: 16px; block-size: 16px; stroke-width: 2.2; }
:dir(rtl) > svg { scale: -1 1; }
.gone { color: var(--_muted); font-weight: 400; }
.taken { color: var(--_ok); }
.taken svg { scale: 1 1; }
.arrow {
  position: absolute;
  /* Beside the picture, where it covers no words. */
  inset-block-start: 76px;
  display: grid;
  place-items: center;
  inline-size: 36px;
  block-size: 36px;
  margin-block-start: -18px;
  border: 1px solid var(--_line);
  border-radius: 50%;
  background: var(--_surface);
  color: var(--_text);
  box-shadow: 0 2px 8px #0000002b;
}
.arrow:hover { background: var(--_raised); }
.arrow svg { inline-size: 18px; block-size: 18px; stroke-width: 2.2; }
.on { inset-inline-end: 8px; }
.back { inset-inline-start: 8px; }
.back svg { scale: -1 1; }
:dir(rtl).back svg { scale: 1 1; }
@media (hover: none) { .arrow { display: none; } }
@media (prefers-reduced-motion: reduce) { .row { scroll-behavior: auto !important; } }
@media (forced-colors: active) { .action, .arrow { border: 1px solid ButtonText; } .gone { border: 0; } }
`

/** Drawings in the page's colours; those with colours of their own are files in `public/img`. */
import { html } from './html.ts'

export const logo = html`<svg class="logo" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true"><circle cx="16" cy="16" r="15" class="logo-disc"/><path class="logo-peak" d="M5.5 22.5 13 10l4.2 7 2.3-3.6 7 9.1Z"/><path class="logo-wind" d="M8 26h16" stroke-width="1.8" stroke-linecap="round"/></svg>`

export const heroScene = html`<svg class="hero-scene" viewBox="0 0 1200 560" preserveAspectRatio="xMidYMax slice" aria-hidden="true">
  <defs>
    <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" class="sky-top"/><stop offset=".75" class="sky-low"/></linearGradient>
    <radialGradient id="glow"><stop offset="0" class="glow-in"/><stop offset="1" class="glow-out"/></radialGradient>
  </defs>
  <rect width="1200" height="560" fill="url(#sky)"/>
  <g class="stars"><circle cx="90" cy="60" r="1.6"/><circle cx="210" cy="130" r="1.2"/><circle cx="330" cy="48" r="1.8"/><circle cx="470" cy="110" r="1.2"/><circle cx="610" cy="56" r="1.5"/><circle cx="700" cy="150" r="1.1"/><circle cx="770" cy="40" r="1.7"/><circle cx="1010" cy="62" r="1.4"/><circle cx="1090" cy="150" r="1.8"/><circle cx="1160" cy="80" r="1.2"/><circle cx="560" cy="190" r="1"/><circle cx="1040" cy="220" r="1.1"/></g>
  <circle cx="880" cy="190" r="190" fill="url(#glow)"/>
  <circle cx="880" cy="190" r="58" class="sun"/>
  <path class="ridge-1" d="M0 424 90 398l80 18 110-44 84 34 96-58 90 44 62-30 60 26 58-70 98-108 92 86 70-46 110 92 100-70v364H0Z"/>
  <path class="snow" d="m828 210-32 35 18-5 13 13 15-15 24 7.5ZM990 250l-22 14.5 13-1 8 9 11-9 14 6.5Z"/>
  <path class="ridge-2" d="M0 428c70-30 120-62 180-62 74 0 110 58 182 58 90 0 120-90 214-90 96 0 138 92 220 92 76 0 104-52 176-52 84 0 140 44 228 60v126H0Z"/>
  <path class="ridge-3" d="M0 470c110 0 150-42 254-42 116 0 176 62 296 62 130 0 170-60 300-60 130 0 200 54 350 44v86H0Z"/>
  <g class="pines"><path d="m955 452 17-58 17 58Zm-4 34 21-66 21 66ZM1003 462l14-48 14 48Zm-3 28 17-54 17 54ZM1050 446l20-68 20 68Zm-5 42 25-80 25 80ZM1118 458l16-54 16 54Zm-4 30 20-62 20 62ZM905 470l13-42 13 42Zm-3 22 16-48 16 48ZM1165 452l18-60 18 60Zm-4 36 22-70 22 70Z"/></g>
  <path class="ridge-4" d="M0 520c160-26 260-24 420-14 190 12 280-30 440-30 140 0 220 14 340 8v76H0Z"/>
  <g class="camp"><path class="tent-side" d="m642 500 40-46 34 44Z"/><path class="tent-front" d="m642 500 40-46 8 46Z"/><path class="tent-door" d="m664 500 17-34 4 34Z"/></g>
</svg>`

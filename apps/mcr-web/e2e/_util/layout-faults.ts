import type { Page } from 'playwright-core';

/**
 * Runs in the page. Lines of text are compared by what they paint; a pixel or two is rounding, and the boxes of adjacent
 * lines touch by design. What scrolls or is cut in a box of its own is cut at that box. Left out is what lies above the
 * page by design: bars that are fixed, and signs within a field, which take no clicks.
 */
const script = String.raw`(() => {
  const [minWidth, minHeight] = [2, 6];
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const isAside = (element) => {
    if (getComputedStyle(element).pointerEvents === 'none') return true;
    for (let at = element; at !== null; at = at.parentElement) {
      const { position } = getComputedStyle(at);
      if (position === 'fixed') return true;
      if (position === 'absolute' && at.matches('.vh, .skip, thead, .rail span, dialog:not([open])')) return true;
    }
    return false;
  };
  const cut = (element, { left, right, top, bottom }) => {
    for (let at = element; at !== null && at !== document.body; at = at.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(at);
      const box = at.getBoundingClientRect();
      if (overflowX !== 'visible') [left, right] = [Math.max(left, box.left), Math.min(right, box.right)];
      if (overflowY !== 'visible') [top, bottom] = [Math.max(top, box.top), Math.min(bottom, box.bottom)];
    }
    return { left, right, top, bottom };
  };
  const boxes = [];
  const add = (element, from, rect, text) => {
    const box = cut(from, rect);
    if (box.right - box.left > minWidth && box.bottom - box.top > minHeight) boxes.push({ element, ...box, text });
  };
  for (const element of document.querySelectorAll('button, input, select, textarea, svg, progress')) {
    if (isShown(element) && !isAside(element) && element.type !== 'hidden') {
      add(element, element.parentElement, element.getBoundingClientRect(), element.tagName + ' ' + (element.name || element.textContent.trim().slice(0, 60)));
    }
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (node.data.trim() === '' || !isShown(element) || isAside(element)) continue;
    if (element.closest('svg, button, select, textarea, noscript, script, style') !== null) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) add(element, element, rect, node.data.trim().slice(0, 60));
  }
  const faults = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) faults.push('scrolls sideways by ' + (root.scrollWidth - root.clientWidth));
  for (const { left, right, text } of boxes) {
    if (left < -1 || right > root.clientWidth + 1) faults.push('beyond the window: ' + text);
  }
  boxes.sort((one, other) => one.top - other.top);
  boxes.forEach((one, at) => {
    for (const other of boxes.slice(at + 1)) {
      if (other.top >= one.bottom - minHeight) break;
      const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const height = Math.min(one.bottom, other.bottom) - other.top;
      if (width <= minWidth || height <= minHeight) continue;
      if (one.element.contains(other.element) || other.element.contains(one.element)) continue;
      faults.push(one.text + ' overlaps ' + other.text);
    }
  });
  return [...new Set(faults)].slice(0, 10);
})()`;

/** What is wrong with the layout of the page as it is shown: boxes that overlap, or that leave the window. */
export function layoutFaults(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(script);
}

/**
 * Runs in the page. Lines of text are compared by what they paint; a pixel or two is rounding, and the boxes of adjacent
 * lines touch by design. What scrolls or is cut in a box of its own is cut at that box. Left out is what lies above the
 * page by design: bars that are fixed, and signs within a field, which take no clicks.
 */
const script = String.raw`(() => {
  const [minWidth, minHeight] = [2, 6];
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const once = (of) => {
    const known = new Map();
    return (element) => {
      if (!known.has(element)) known.set(element, of(element));
      return known.get(element);
    };
  };
  const isAbove = once((element) => {
    if (element === null) return false;
    const { position } = getComputedStyle(element);
    if (position === 'fixed') return true;
    if (position === 'absolute' && element.matches('.vh, .skip, thead, .rail span, dialog:not([open])')) return true;
    return isAbove(element.parentElement);
  });
  const isAside = (element) => getComputedStyle(element).pointerEvents === 'none' || isAbove(element);
  const everywhere = { left: -Infinity, right: Infinity, top: -Infinity, bottom: Infinity };
  const common = (one, other) => ({
    left: Math.max(one.left, other.left),
    right: Math.min(one.right, other.right),
    top: Math.max(one.top, other.top),
    bottom: Math.min(one.bottom, other.bottom),
  });
  const windowOf = once((element) => {
    if (element === null || element === document.body) return everywhere;
    const { overflowX, overflowY } = getComputedStyle(element);
    const outer = windowOf(element.parentElement);
    if (overflowX === 'visible' && overflowY === 'visible') return outer;
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const own = {
      ...everywhere,
      ...(overflowX !== 'visible' && { left, right }),
      ...(overflowY !== 'visible' && { top, bottom }),
    };
    return common(outer, own);
  });
  const boxes = [];
  const add = (element, from, rect, text) => {
    const box = common(rect, windowOf(from));
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
export async function layoutFaults(page: { evaluate(script: string): Promise<unknown> }): Promise<unknown> {
  return await page.evaluate(script);
}

import type { Locator, Page } from 'playwright-core';

/** More rows or choices than any page of the tests has. */
const maxTries = 50;

/**
 * A person who has a keyboard only, whose steps are counted. One step is
 *
 * - a chord: a key, some keys together, or `g` and a letter, as the help of the page lists them;
 * - an activation: moving to a link or button (Tab, or `j` in a list), and Enter;
 * - a choice: moving to a list of choices, and arrow keys;
 * - a form: moving to its first field, typing, Tab to the next one and typing, Enter.
 *
 * Moving is no step by itself, as aiming with a mouse is none; looking is none either.
 */
export class Steps {
  taken = 0;

  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async chord(...keys: readonly string[]): Promise<void> {
    this.taken += 1;
    for (const key of keys) await this.#page.keyboard.press(key);
  }

  async activate(target: Locator, by: 'Tab' | 'j' = 'Tab'): Promise<void> {
    this.taken += 1;
    await this.#moveTo(target, by);
    await this.#page.keyboard.press('Enter');
  }

  async choose(target: Locator, choice: string): Promise<void> {
    this.taken += 1;
    await this.#moveTo(target, 'Tab');
    const chosen = () => target.locator('option:checked').textContent();
    for (let at = 0; (await chosen()) !== choice; at += 1) {
      if (at === maxTries) throw new Error(`There is no choice ${choice}`);
      await this.#page.keyboard.press('ArrowDown');
    }
  }

  /** Without a target the text goes into the field that has the focus. */
  async type(...fields: readonly (readonly [target: Locator | undefined, text: string])[]): Promise<void> {
    this.taken += 1;
    for (const [target, text] of fields) {
      if (target !== undefined) await this.#moveTo(target, 'Tab');
      await this.#page.keyboard.insertText(text);
    }
    await this.#page.keyboard.press('Enter');
  }

  async #moveTo(target: Locator, by: 'Tab' | 'j'): Promise<void> {
    await target.waitFor();
    for (let tries = 0; tries < maxTries; tries += 1) {
      const distance = await target.evaluate(distanceTo);
      if (distance === 0) return;
      const key = by === 'Tab' && distance < 0 ? 'Shift+Tab' : by;
      const times = by === 'Tab' ? Math.abs(distance) : 1;
      for (let at = 0; at < times; at += 1) await this.#page.keyboard.press(key);
    }
    throw new Error(`${by} does not lead to ${String(target)}`);
  }
}

/** What is used of an element in the page. */
interface Stop {
  readonly tabIndex: number;
  readonly disabled?: boolean;
  readonly ownerDocument: {
    readonly activeElement: Stop;
    readonly body: Stop;
    querySelectorAll(selector: string): Iterable<Stop>;
  };
  checkVisibility(): boolean;
  compareDocumentPosition(other: Stop): number;
}

/**
 * How many stops of the Tab key away something is; runs in the page. Boxes that scroll are stops as well, which the next
 * look puts right.
 */
function distanceTo(target: Stop): number {
  const { activeElement: here, body } = target.ownerDocument;
  const preceding = 2;
  const every = [
    ...target.ownerDocument.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]'),
  ];
  const stops = every.filter((one) => one === target || (one.tabIndex >= 0 && !one.disabled && one.checkVisibility()));
  const passed = stops.filter((one) => one === here || (here.compareDocumentPosition(one) & preceding) !== 0);
  return stops.indexOf(target) - (here === body ? -1 : passed.length - 1);
}

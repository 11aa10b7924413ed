import type { Locator, Page } from 'playwright-core'

/** How a person uses a page: with the mouse, or with the keys alone. */
export type Hands = {
  readonly name: string
  /** Presses a button or follows a link. */
  press(target: Locator): Promise<void>
  fill(target: Locator, text: string): Promise<void>
  /** Checks one of a group of radio buttons. */
  check(radio: Locator): Promise<void>
  /** Finds somebody in a list that can be searched, and picks them. */
  pick(list: Locator, typed: string, option: string): Promise<void>
}

type MakeHands = (page: Page) => Hands

const offered = (page: Page, name: string) => page.getByRole('listbox').getByRole('option', { name })

export const withMouse: MakeHands = (page) => ({
  name: 'mouse',
  press: (target) => target.click(),
  fill: (target, text) => target.fill(text),
  check: (radio) => radio.check(),
  async pick(list, typed, option) {
    await list.click()
    await list.fill(typed)
    await offered(page, option).click()
  },
})

/** More places than any page of ours has. */
const MOST_TABS = 120
const MOST_CHOICES = 10

/** Tab, arrows, Enter and letters. Whatever they don't reach can't be used, and fails. */
export const withKeys: MakeHands = (page) => {
  async function tabTo(target: Locator): Promise<void> {
    await target.waitFor()
    for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
      if (await hasFocus(target)) return
      await page.keyboard.press('Tab')
    }
    throw new Error(`Tab does not lead to ${target}`)
  }
  return {
    name: 'keys',
    async press(target) {
      await tabTo(target)
      await page.keyboard.press('Enter')
    },
    async fill(target, text) {
      await tabTo(target)
      await page.keyboard.press('Control+A')
      await page.keyboard.type(text)
    },
    async check(radio) {
      await radio.waitFor()
      for (let tabs = 0; tabs < MOST_TABS && !(await isBeside(radio)); tabs += 1) await page.keyboard.press('Tab')
      await page.keyboard.press('Space')
      for (let moves = 0; moves < MOST_CHOICES && !(await radio.isChecked()); moves += 1) {
        await page.keyboard.press('ArrowDown')
      }
      if (!(await radio.isChecked())) throw new Error(`arrows do not lead to ${radio}`)
    },
    async pick(list, typed, option) {
      await tabTo(list)
      await page.keyboard.type(typed)
      await offered(page, option).waitFor()
      await page.keyboard.press('Enter')
    },
  }
}

const hasFocus = (target: Locator) => target.evaluate((element) => element === element.ownerDocument.activeElement)

/** A radio button of the same group has focus. */
const isBeside = (radio: Locator) =>
  radio.evaluate((element) => {
    const { activeElement } = element.ownerDocument
    return activeElement !== null && activeElement.getAttribute('name') === element.getAttribute('name')
  })

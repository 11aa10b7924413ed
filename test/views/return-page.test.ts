import { expect, it } from 'vitest'
import { returnPage } from '../../src/views/return-page.ts'

it('the return page has a language and a title, and loads and runs nothing', () => {
  const page = returnPage()
  expect(page).toMatch(/^<!doctype html>\n<html lang="en">/)
  expect(page).toMatch(/<title>.+<\/title>/)
  expect(page).toContain('go back to Slack')
  expect(page).not.toMatch(/<script|<link|<img|<form|src=|href=|url\(|@import| on\w+=/)
})

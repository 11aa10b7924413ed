import { expect, it } from 'vitest'
import { notFoundPage, returnPage } from '../../src/views/return-page.ts'

it.each([returnPage(), notFoundPage()])('a page has a language and a title, and loads and runs nothing', (page) => {
  expect(page).toMatch(/^<!doctype html>\n<html lang="en">/)
  expect(page).toMatch(/<title>.+<\/title>/)
  expect(page).toContain('go back to Slack')
  expect(page).not.toMatch(/<script|<link|<img|<form|src=|href=|url\(|@import| on\w+=/)
})

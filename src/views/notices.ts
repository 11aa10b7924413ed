/** Short new messages to the manager. They exist because an edited card notifies nobody. */
import type { Verification } from '../services/verification.ts'
import { type Content, say, section } from './blocks.ts'
import { decisionButtons } from './decision-buttons.ts'
import { mention } from './mrkdwn.ts'
import { stateWords } from './state-words.ts'

/** Asks for a decision; once it is made, or a later one is asked for, says that this is done. */
export function decisionNotice(verification: Verification, occasion: number): Content {
  const about = `The verification of ${mention(verification.employeeId)}`
  if (verification.status !== 'parked' || verification.parks !== occasion) {
    return say(`${about} needed a decision. That has been taken care of; the card shows how it goes on.`)
  }
  const { symbol, title, next } = stateWords(verification)
  return {
    text: `${about} needs you. ${title}. ${next}`,
    blocks: [section(`${symbol} ${about} needs you. *${title}*\n${next}`), decisionButtons(verification)],
  }
}

/** Says that it is over, and how. */
export function outcomeNotice(verification: Verification): Content {
  const about = `Verification of ${mention(verification.employeeId)}`
  const { symbol, title, next } = stateWords(verification)
  return {
    text: `${about}: ${title}. ${next}`,
    blocks: [section(`${symbol} ${about}: *${title}*\n${next}`)],
  }
}

/** Says that the employee pressed "I did not expect this". */
export function concernNotice(verification: Verification): Content {
  const words = `${mention(verification.employeeId)} did not expect your request. ${concernWords(verification)}`
  return { text: words, blocks: [section(`:warning: ${words}`)] }
}

function concernWords(verification: Verification): string {
  switch (verification.status) {
    case 'settled':
    case 'failed':
      return 'It has ended since; the card shows how. Please talk to them, best in person or by phone.'
    case 'requested':
    case 'starting':
    case 'waiting':
    case 'parked':
      return 'Please talk to them before they go on, best in person or by phone. Their link keeps working in case you two agree.'
  }
}

// The messages that a template asks for while it renders, so that they can be asked for again without rendering.
import type { Part } from './parts.tsx'
import { type Translate, translateBy, type Values } from './words.ts'

export type Question =
  | { what: 'text'; key: string; more: Values | undefined }
  | { what: 'has'; key: string }
  | { what: 'parts'; key: string; tags: string[] }

export type Answer = string | boolean | Part[]

export interface Asked {
  questions: Question[]
  answers: Answer[]
}

export function answerTo(question: Question, t: Translate): Answer {
  if (question.what === 'text') return t.text(question.key, question.more)
  return question.what === 'has' ? t.has(question.key) : t.parts(question.key, question.tags)
}

/** Answers as `t` does, and adds to `asked`. */
export function recording(t: Translate, { questions, answers }: Asked): Translate {
  return translateThrough((question) => {
    const answer = answerTo(question, t)
    questions.push(question)
    answers.push(answer)
    return answer
  })
}

/** Gives the answers in order. Throws where something else is asked. */
export function replaying({ questions, answers }: Asked): Translate {
  let next = 0
  return translateThrough(({ what, key }) => {
    const [question, answer] = [questions[next], answers[next]]
    if (question?.what !== what || question.key !== key || answer === undefined)
      throw new Error(`the template asks for ${key} only with some texts`)
    next += 1
    return answer
  })
}

function translateThrough(answer: (question: Question) => Answer): Translate {
  return translateBy({
    text: (key, more) => answer({ what: 'text', key, more }) as string,
    has: (key) => answer({ what: 'has', key }) as boolean,
    parts: (key, tags) => answer({ what: 'parts', key, tags }) as Part[],
  })
}

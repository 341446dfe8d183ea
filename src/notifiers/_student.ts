// Tells whether a place in a course is for the recipient or for another student.
import type { Formats } from '../i18n/formats.ts'

/** The student's name where it is not the recipient's; null where the message can say "you". */
export function anotherStudent(studentName: string | null | undefined, to: Formats): string | null {
  if (!studentName) return null
  return studentName.trim().toLowerCase() === to.name?.toLowerCase() ? null : studentName
}

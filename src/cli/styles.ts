// The text styles of the commands' output, where the terminal has them.
import { styleText } from 'node:util'

export function bold(text: string): string {
  return styleText('bold', text)
}

export function dim(text: string): string {
  return styleText('dim', text)
}

export function red(text: string): string {
  return styleText('red', text)
}

export function green(text: string): string {
  return styleText('green', text)
}

export function yellow(text: string): string {
  return styleText('yellow', text)
}

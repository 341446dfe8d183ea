// Sizes in bytes that limits are multiples of.

export const mebibyte = 1024 * 1024

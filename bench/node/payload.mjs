/** What every system carries there and back: a JSON object of exactly 100 bytes. */
export const payload = { order: 'o-1234567', quantity: 3, note: 'x'.repeat(56) }

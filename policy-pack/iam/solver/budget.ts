/**
 * The work that a decision may still do, in units of about a microsecond. Questions about patterns and conditions are hard in
 * the worst case. When the budget is spent, the answer is "undecided", which every caller treats as unsafe.
 */
export class Budget {
  constructor(private left = 25_000) {}

  /** Takes `cost` units; false if nothing is left. */
  spend(cost = 1): boolean {
    this.left -= cost;
    return this.left >= 0;
  }

  get spent(): boolean {
    return this.left < 0;
  }
}

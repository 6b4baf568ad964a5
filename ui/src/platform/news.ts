// The owner's notices and its answers reach the window by different roads, so that an answer can come after news that
// is newer than it. Every change is told of, so such an answer is of no use to anybody.

/** The news of one noun, which holds all of it each time. */
export class News {
  #heard = 0;

  /** Some has come. */
  hear(): void {
    this.#heard += 1;
  }

  /** Asks; answers nothing where news has come meanwhile. */
  async unlessOvertaken<T>(question: Promise<T>): Promise<T | undefined> {
    const heard = this.#heard;
    const answer = await question;
    return heard === this.#heard ? answer : undefined;
  }
}

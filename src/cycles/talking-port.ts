/** An issue that the judge raised. */
export interface RaisedIssue {
  readonly number: number;
  readonly body: string;
}

/** How the judge talks to people. Rejects with an `AppError` (`GITHUB_*`). */
export interface Talking {
  /** Writes below a pull request or issue. There is no editing: of an edited comment nobody can tell whose words it holds. */
  comment(number: number, body: string): Promise<void>;
  /** Answers the judge's own open issue that carries a marker, or null. */
  findIssue(marker: string): Promise<RaisedIssue | null>;
  openIssue(title: string, body: string): Promise<RaisedIssue>;
  editIssue(number: number, body: string): Promise<void>;
}

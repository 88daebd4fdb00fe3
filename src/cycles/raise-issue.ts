import type { JudgeDesk } from './judge-desk.ts';

/** An issue that stands for one thing, however often it is found. */
export interface Alarm {
  /** Tells issues of ours apart. Letters and hyphens. */
  readonly name: 'audit' | 'schedule';
  readonly title: string;
  readonly body: string;
}

/** Opens the one issue about something, or brings the open one up to date; the same news twice writes nothing. */
export async function raiseIssue({ talking }: Pick<JudgeDesk, 'talking'>, alarm: Alarm): Promise<void> {
  const marker = `<!-- peak:${alarm.name} -->`;
  const body = `${marker}\n${alarm.body}`;
  const standing = await talking.findIssue(marker);
  if (standing === null) await talking.openIssue(alarm.title, body);
  else if (standing.body !== body) await talking.editIssue(standing.number, body);
}

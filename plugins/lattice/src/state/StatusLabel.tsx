import styles from './StatusLabel.module.css';

/** How a state is to be taken. */
export type Tone = 'good' | 'busy' | 'bad' | 'quiet';

/** Props of {@link StatusLabel}. */
export interface StatusLabelProps {
  readonly tone: Tone;
  readonly text: string;
}

const MARKS: Record<Tone, string> = {
  good: '●',
  busy: '◐',
  bad: '✕',
  quiet: '○',
};

/** A state in words, with a mark and a colour that only repeat it. */
export function StatusLabel(props: StatusLabelProps) {
  return (
    <span className={`${styles.label} ${styles[props.tone]}`}>
      <span aria-hidden="true">{MARKS[props.tone]}</span> {props.text}
    </span>
  );
}

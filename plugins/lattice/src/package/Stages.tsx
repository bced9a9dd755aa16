import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { PackageStage } from '@lattice-portal/backstage-plugin-lattice-common';
import { Section } from '../state/Section';
import { StatusLabel, Tone } from '../state/StatusLabel';
import { latticeTranslationRef } from '../translation';
import styles from './Stages.module.css';

const TONES: Record<PackageStage['state'], Tone> = {
  done: 'good',
  active: 'busy',
  failed: 'bad',
  pending: 'quiet',
};

/** Props of {@link Stages}. */
export interface StagesProps {
  readonly stages: readonly PackageStage[];
}

/** The stages as the controller walks them, in order. */
export function Stages(props: StagesProps) {
  const { t } = useTranslationRef(latticeTranslationRef);
  return (
    <Section title={t('package.stages')}>
      <ol className={styles.stages}>
        {props.stages.map(({ message, name, state }) => (
          <li
            key={name}
            className={styles.stage}
            aria-current={state === 'active' ? 'step' : undefined}
          >
            <span className={styles.name}>{t(`stage.${name}`)}</span>
            <StatusLabel tone={TONES[state]} text={t(`stage.${state}`)} />
            {state !== 'done' && message && (
              <span className={styles.message}>{message}</span>
            )}
          </li>
        ))}
      </ol>
    </Section>
  );
}

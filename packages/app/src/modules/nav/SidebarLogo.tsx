import { Link, useSidebarOpenState } from '@backstage/core-components';
import { LogoMark } from './LogoMark';
import styles from './SidebarLogo.module.css';

/** Our mark, with the name beside it while the sidebar is open. */
export function SidebarLogo() {
  const { isOpen } = useSidebarOpenState();
  return (
    <div className={styles.logo}>
      <Link to="/" underline="none" aria-label="Home">
        <span className={styles.line}>
          <LogoMark />
          {isOpen && <span className={styles.name}>Lattice</span>}
        </span>
      </Link>
    </div>
  );
}

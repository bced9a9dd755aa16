/**
 * The `lattice` command.
 *
 * @packageDocumentation
 */
export { runFromShell } from './runFromShell';

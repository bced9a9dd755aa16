/** A program that a part consists of. */
export type Program = {
  /** File name of the binary, also what is looked for on PATH. */
  name: string;
  /** Go package that is its main package. */
  package: string;
  /** True when it is the tests of that package, as one program that runs them. */
  isTest?: boolean;
};

/** A folder or file that is copied out of a Go module. */
export type SourceFile = {
  module: string;
  /** Path inside the module; a folder is copied whole. */
  from: string;
  /** Path inside the part. */
  to: string;
};

/** When a program that is already on the machine may be used in place of a build. */
export type SystemCheck = {
  /** Arguments that make each program print its version. */
  versionArguments: string[];
  /** First version that is accepted, as [major, minor]. */
  from: readonly [number, number];
  /** First version that is no longer accepted, as [major, minor]. */
  before: readonly [number, number];
};

/** Something the lab needs: programs built from one pinned Go module, files taken from Go modules, or both. */
export type Part = {
  name: PartName;
  /** Path, from `tools/`, of the folder whose go.mod and go.sum pin the part. */
  tool: string;
  /** True when that folder also holds the program: its Go files then decide whether a cached build is still right. */
  hasOwnSource?: boolean;
  /** Module whose version names the part; absent when it is only files of several modules. */
  module?: string;
  programs: Program[];
  /** `-X` assignments of the linker; `{version}` stands for the module's version with its `v`. */
  linkerVariables?: string[];
  tags?: string[];
  /** True when the build needs a C compiler. */
  cgo?: boolean;
  files?: SourceFile[];
  system?: SystemCheck;
};

/** Names of all parts that have to be built or fetched. */
export type PartName =
  | 'etcd'
  | 'kubernetes'
  | 'kwok'
  | 'helm4'
  | 'helm3'
  | 'registry'
  | 'sources'
  | 'gitea'
  | 'external-secrets'
  | 'cilium-judge'
  | 'istio-judge';

/** A part that is on disk and ready to run. */
export type ReadyPart = {
  name: PartName;
  /** Absolute path of each program by its name. */
  programs: Record<string, string>;
  /** Absolute path of the folder holding the part's files; absent when the part has none. */
  filesDir?: string;
  origin: 'system' | 'cache' | 'built';
};

/** Where one line of progress goes. */
export type Log = (line: string) => void;

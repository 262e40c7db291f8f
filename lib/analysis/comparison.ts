/**
 * What a comparison with direct says.
 * @module
 */
import type { TrustLabel } from "../records/row_types.ts";
import type { Blame } from "../trace/mod.ts";
import type { Arm } from "./arms.ts";
import type { Estimate, GeometricMean, Proportion } from "./stats/mod.ts";

/** One side of a pair; over repeats, shares and means. */
export interface Side {
  /** How many repeats. */
  readonly rows: number;
  /** Rows by status. */
  readonly status: Readonly<Record<string, number>>;
  /** Of a single row. */
  readonly answer: string | null;
  /** 0–1; `null` where nothing could be graded. */
  readonly correct: number | null;
  /** Mean of graded scores. */
  readonly score: number | null;
  /** Of rows with status `ok`; over repeats their geometric mean. */
  readonly latency_ms: number | null;
  /** Mean over the rows that know it. */
  readonly total_tokens: number | null;
  /** Whether any row was. */
  readonly truncated: boolean;
}

/** One task under both arms, in figures. */
export interface PairFigures {
  /** The task. */
  readonly task_id: string;
  /** `null`: all repeats stand together. */
  readonly repeat: number | null;
  /** The direct arm. */
  readonly direct: Side;
  /** The other arm. */
  readonly other: Side;
  /** Direct latency over the other's: above 1, the other is faster. */
  readonly speedup: number | null;
  /** Trust labels of the other arm's rows. */
  readonly labels: readonly TrustLabel[];
}

/** How often each arm alone was right, over pairs of one graded row each. */
export interface Discordance {
  /** How many pairs. */
  readonly n: number;
  /** Both arms right. */
  readonly both_right: number;
  /** Only direct right. */
  readonly only_direct: number;
  /** Only the other arm right. */
  readonly only_other: number;
  /** Neither right. */
  readonly both_wrong: number;
  /** Exact McNemar, two-sided. */
  readonly p_value: number;
}

/** Another arm against direct. */
export interface Comparison {
  /** The direct arm. */
  readonly direct: Arm;
  /** The arm compared with it. */
  readonly other: Arm;
  /** How many pairs. */
  readonly pairs: number;
  /** Tasks whose repeats stand together, as the arms repeat them differently often. */
  readonly pooled_tasks: number;
  /** Rows without a partner. */
  readonly unpaired: { readonly direct: number; readonly other: number };
  /** Of graded pairs. */
  readonly accuracy: {
    readonly direct: Proportion;
    readonly other: Proportion;
    /** Other minus direct; tasks are resampled. */
    readonly difference: Estimate;
    readonly discordance: Discordance | null;
  } | null;
  /** Other minus direct, of pairs with graded scores; tasks are resampled. */
  readonly score_difference: Estimate | null;
  /** Direct latency over the other's. */
  readonly speedup: {
    /** Over all pairs with both arms `ok`. */
    readonly all: GeometricMean | null;
    /** Over pairs whose rows are headline rows: chosen by both arms being right. */
    readonly headline: GeometricMean | null;
    /** Pairs in which an arm did not end `ok`. */
    readonly left_out: number;
  };
  /** Tokens of the other arm over those of direct, summed over pairs that know both. */
  readonly tokens: { readonly n: number; readonly ratio: number } | null;
  /** Rows of the other arm by trust label. */
  readonly labels: Readonly<Record<string, number>>;
  /** Task ids, as `id`, or `id#repeat` where repeated; over repeats: right or wrong every time. */
  readonly only_direct_right: readonly string[];
  /** As `only_direct_right`. */
  readonly only_other_right: readonly string[];
  /** As `only_direct_right`. */
  readonly both_wrong: readonly string[];
  /** Shares of the latency, over the pairs of `speedup.all`. */
  readonly blame: { readonly direct: Blame | null; readonly other: Blame | null };
  /** Pair by pair. */
  readonly tasks: readonly PairFigures[];
}

/**
 * The kernel's whole surface: what a strategy may touch.
 * @module
 */
import type { Clock } from "../clock.ts";
import type {
  Backend,
  CallSettings,
  Constraint,
  Message,
  Session,
  Thinking,
} from "../model/types.ts";
import type { NodeStatus, TraceEvent } from "../trace/events.ts";
import type { NodeKind } from "../trace/spans.ts";

/** What a node ended with. */
export interface Conclusion {
  /** Path of the node. */
  readonly path: string;
  /** Id of the node within its parent. */
  readonly id: string;
  /** What the node was asked. */
  readonly task: string;
  /** How it ended; only `ok` states an answer of the node's own. */
  readonly status: NodeStatus;
  /** The text, or `failed: <reason>` where the node failed. */
  readonly text: string;
  /** Whether the concluding call was cut by its token limit. */
  readonly truncated: boolean;
}

/** What a strategy returns: its conclusion's text, or that with its origin. */
export interface StrategyResult {
  /** The node's conclusion, as its parent and siblings will read it. */
  readonly text: string;
  /** How it was reached: `direct`, `worker`, `continue`, `reduce:sum`, … */
  readonly concludedBy: string;
  /** Whether the concluding call was cut by its token limit. */
  readonly truncated?: boolean;
}

/** How a node thinks. */
export type Strategy<O> = (node: NodeScope, options: O) => Promise<string | StrategyResult>;

/** A strategy with its options bound. */
export type BoundStrategy = (node: NodeScope) => Promise<string | StrategyResult>;

/** A piece of a streamed reply. */
export interface Delta {
  /** `restart`: the attempt failed and another begins; forget what this call said so far. */
  readonly type: "text" | "reasoning" | "restart";
  /** What was added since the last delta; empty for `restart`. */
  readonly text: string;
  /** When it arrived, milliseconds since the task's start. */
  readonly atMs: number;
  /** Completion tokens so far. */
  readonly atToken: number;
}

/** A finished call. */
export interface Reply {
  /** Id of the attempt that answered. */
  readonly call: string;
  /** All that was said outside the reasoning channel. */
  readonly text: string;
  /** All of the reasoning channel; empty where the server has none. */
  readonly reasoning: string;
  /** As the server names it (`stop`, `length`, …); `cut` where a cut reply was kept. */
  readonly finishReason: string;
  /** It ended by `length`. */
  readonly truncated: boolean;
  /** It was cut by a failure, and what it had said was kept. */
  readonly cut: boolean;
}

/** One model call, streaming. The kernel drains it whether or not anybody iterates. */
export interface Generation extends AsyncIterable<Delta> {
  /** Id of the present attempt. */
  readonly call: string;
  /** The finished call; rejects when the last attempt failed. Never rejects unobserved. */
  readonly reply: Promise<Reply>;
  /** Records what a line of the reply turned out to be. */
  line(line: {
    readonly atMs: number;
    readonly atToken: number;
    readonly kind: "event" | "repaired" | "ignored" | "rejected";
    readonly event: string | null;
    readonly id: string | null;
    readonly repairs: readonly string[];
    readonly reason: string | null;
  }): void;
}

/** Options of {@linkcode NodeScope.generate}. */
export interface GenerateOptions {
  /** Sets limits, thinking and adapter. */
  readonly role: string;
  /** What the reply must look like. Absent or `null`: free text. */
  readonly constraint?: Constraint | null;
  /** Texts that end the reply; absent: none. */
  readonly stop?: readonly string[];
  /** Fewer tokens than the role allows. */
  readonly maxTokens?: number;
  /**
   * Asked when an attempt fails after text arrived (all of it has been read by then): `true` keeps
   * that text as a cut reply, `false` (the default) tries again.
   */
  readonly keepCut?: () => boolean;
}

/** What to spawn. */
export interface SpawnOptions {
  /** Unique within the node. */
  readonly id: string;
  /** The whole subproblem, readable without the parent's text. */
  readonly task: string;
  /** Ids of siblings, announced before or later. */
  readonly dependsOn?: readonly string[];
  /** How the child thinks. */
  readonly strategy: BoundStrategy;
  /** The call whose text announced it, and when. */
  readonly announcedBy?: { readonly id: string; readonly atMs: number };
  /** A session handed to the child, e.g. a fork of the parent's. */
  readonly session?: Session;
}

/** A child that was announced. */
export interface ChildHandle {
  /** As it was spawned: the last part of `path`. */
  readonly id: string;
  /** Path such as `root.case_a`. */
  readonly path: string;
  /** Names that closed a cycle or named the child itself; unknown ones are dropped by `seal`. */
  readonly droppedDependencies: readonly {
    readonly id: string;
    readonly reason: "self" | "cycle";
  }[];
  /** Resolves when the child has ended, however it ended; never rejects. */
  readonly conclusion: Promise<Conclusion>;
  /** Ends the child and its subtree; resolves when nothing of it runs any more. */
  cancel(reason: string): Promise<void>;
}

/** Options of {@linkcode NodeScope.join}. */
export interface JoinOptions {
  /** Resolve as soon as this holds for what is concluded so far. */
  readonly until?: (concluded: readonly Conclusion[]) => boolean;
  /** How the conclusions will be combined: for the trace. */
  readonly rule?: string | null;
}

/** One scope of reasoning. All that a strategy may touch. */
export interface NodeScope {
  /** Path such as `root.case_a`; the root's is `root`. */
  readonly path: string;
  /** The last part of `path`, unique among siblings. */
  readonly id: string;
  /** What this node is asked. The root's includes the task's context. */
  readonly task: string;
  /** 0 for the root. */
  readonly depth: number;
  /** Deepest level a node may have in this run. */
  readonly maxDepth: number;
  /** Conclusions of what this node depends on, in the order it named them. */
  readonly dependencies: readonly Conclusion[];
  /** Aborted when this node is cancelled. */
  readonly signal: AbortSignal;
  /** The run's clock: use it in place of `Date.now` and timers, so that simulated time works. */
  readonly clock: Clock;
  /** Seeded by the run's seed and this node's path; in [0, 1). */
  readonly random: () => number;
  /** The session handed over by the parent, the first time; else a new one. Closed with the node. */
  session(): Session;
  /**
   * Starts a call and returns at once: `turn` and the reply join the session. Each attempt takes a
   * slot and a reservation of the budget; failed ones are tried again.
   */
  generate(session: Session, turn: readonly Message[], options: GenerateOptions): Generation;
  /**
   * Announces a child and returns at once; it starts when all that it depends on has concluded.
   * Throws `RangeError` where this node has a child of that id already.
   */
  spawn(options: SpawnOptions): ChildHandle;
  /** No more children in this plan: dependencies still unknown are dropped, and returned. */
  seal(): readonly { readonly node: string; readonly id: string }[];
  /** Waits for children. Seal the plan first: a child whose dependency never comes never starts. */
  join(handles: readonly ChildHandle[], options?: JoinOptions): Promise<readonly Conclusion[]>;
  /**
   * Runs something outside a model (a REPL cell, a checker, a retrieval) as a span of the trace,
   * with `input` and the result kept as text. Rethrows what `run` throws.
   */
  effect<T>(kind: string, input: string, run: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /**
   * A trace event. `note("kind", k)` says what the node turned out to be, `note("metrics", {…})`
   * adds numbers to the row, `note("conclusion", text)` is what a budget's end leaves the node with.
   */
  note(kind: "kind", data: NodeKind): void;
  /** Adds an event of the strategy's own to the trace; `data` must be plain JSON. */
  note(kind: string, data: unknown): void;
}

/** Limits and sampling of a role. */
export type RoleSettings = Pick<CallSettings, "maxTokens" | "temperature" | "topP" | "seed"> & {
  readonly thinking: Thinking;
};

/** Time limits of a call, in milliseconds; `null` is none. */
export interface CallTimeouts {
  /** Longest wait from sending a request until the reply begins. */
  readonly firstTokenMs: number | null;
  /** Longest silence within a reply that has begun. */
  readonly stallMs: number | null;
  /** Longest time of one attempt, from sending it to its last byte. */
  readonly callMs: number | null;
}

/** What a budget counts. */
export interface BudgetAmount {
  /** Attempts that were sent, failed ones included. */
  readonly calls: number;
  /** Prompt and completion tokens together. */
  readonly tokens: number;
  /** Dollars; 0 where no price is known. */
  readonly usd: number;
}

/** A budget: reserved before an attempt, refunded after. Budgets nest. */
export interface Budget {
  /** Resolves when `amount` is reserved; waits while refunds may still make room. Throws `BudgetError` when none can. */
  reserve(amount: BudgetAmount, signal: AbortSignal): Promise<Reservation>;
  /** True once a reservation was refused for good. */
  readonly exhausted: boolean;
  /** What was really used so far; open reservations are not in it. */
  readonly spent: BudgetAmount;
  /** Whether tokens or dollars are limited, so that prompts must be counted. */
  readonly needsTokens: boolean;
}

/** Something reserved. */
export interface Reservation {
  /** Settles with what was really used; the rest is refunded. */
  settle(used: BudgetAmount): void;
}

/** Options of {@linkcode runTree}. */
export interface TreeOptions {
  /** What the root is asked. */
  readonly task: string;
  /** How the root thinks; children think as their spawner says. */
  readonly strategy: BoundStrategy;
  /** The model for all calls. It is not closed. */
  readonly backend: Backend;
  /** Default: real time. */
  readonly clock?: Clock;
  /** Settings by role; `default` serves roles that have none. */
  readonly roles: Readonly<Record<string, RoleSettings>>;
  /** Calls in flight. */
  readonly maxConcurrency: number;
  /** Deepest level a node may have; 0 leaves the root alone. Strategies keep to it. */
  readonly maxDepth: number;
  /** Limits of each attempt. Default: none. */
  readonly timeouts?: CallTimeouts;
  /** All attempts of a call, the first included. Default 6. */
  readonly maxAttempts?: number;
  /** Reserved from before each attempt. Default: unlimited. */
  readonly budget?: Budget;
  /** Dollars of a call by its tokens, where prices are known. */
  readonly price?: (promptTokens: number, completionTokens: number) => number;
  /** Wall time of the whole tree, in milliseconds; absent or `null`: no limit. */
  readonly timeoutMs?: number | null;
  /** Seeds the nodes' `random` and the back-off; sampling is seeded in `roles`. Default 0. */
  readonly seed?: number;
  /** Cancels the whole tree; its status is then `cancelled`. */
  readonly signal?: AbortSignal;
  /** Called with every event as it happens. Must not throw. */
  readonly onEvent?: (event: TraceEvent) => void;
}

/** How a tree ended. */
export interface TreeResult {
  /** `error`: the root failed. `budget`: it or a child was stopped by a budget or the timeout. */
  readonly status: "ok" | "error" | "cancelled" | "budget";
  /** The root's. */
  readonly conclusion: Conclusion;
  /** Failed nodes, each as `path: reason`. */
  readonly errors: readonly string[];
  /** The whole trace, in the order in which it happened. */
  readonly events: readonly TraceEvent[];
}

/**
 * The node event protocol: what a node may say, one JSON object a line.
 * @module
 */

/** Announces a self-contained subproblem. */
export interface ChildEvent {
  /** Tells the events apart. */
  readonly type: "child";
  /** Safe id, unique within the node over all its rounds. */
  readonly id: string;
  /** The whole subproblem, readable without the parent's text. */
  readonly task: string;
  /** Ids of siblings whose conclusions this child needs; may be announced later. */
  readonly depends_on: readonly string[];
}

/** Ends a plan's reasoning: which conclusions are needed, and how they answer the task. */
export interface AwaitEvent {
  /** Tells the events apart. */
  readonly type: "await";
  /** Ids awaited; `null` means all announced so far and later in this plan. */
  readonly children: readonly string[] | null;
  /** How the conclusions answer the task; may be exactly a named reducer. */
  readonly rule: string;
}

/** Answers the task without children. */
export interface AtomicEvent {
  /** Tells the events apart. */
  readonly type: "atomic";
  /** The answer; `null` means "solve it yourself" (a worker call follows). */
  readonly answer: string | null;
}

/** Says that nothing more follows. */
export interface DoneEvent {
  /** Tells the events apart. */
  readonly type: "done";
}

/** One event of a node. */
export type NodeEvent = ChildEvent | AwaitEvent | AtomicEvent | DoneEvent;

/** What the reader made of one piece of text. Exactly one result for each line or object. */
export type LineResult =
  | { readonly kind: "event"; readonly event: NodeEvent; readonly repairs: readonly [] }
  | { readonly kind: "repaired"; readonly event: NodeEvent; readonly repairs: readonly string[] }
  | { readonly kind: "ignored"; readonly reason: string; readonly text: string }
  | {
    readonly kind: "rejected";
    readonly reason: string;
    readonly text: string;
    /** Type and id of the refused event where they could be read. */
    readonly type?: string;
    readonly id?: string;
  };

/** An incremental reader of events in streamed text. Never throws on input. */
export interface EventReader {
  /** Takes a piece of text, split anywhere; returns the results that it completes. */
  push(text: string): LineResult[];
  /** Ends the text; returns what was still open. The reader is then spent. */
  end(): LineResult[];
}

/** Options of `createPlan`. */
export interface PlanOptions {
  /** Tasks by id of children announced in earlier rounds of the node. */
  readonly earlier: ReadonlyMap<string, string>;
  /** Most children of this plan (`max_sibling_width`). */
  readonly width: number;
  /** Why children are refused altogether, or `null`. */
  readonly refuse: "depth" | "rounds" | null;
}

/** What a plan made of one line. */
export interface PlanStep {
  /** The line's final verdict: an event may be refused, or renamed, by the plan. */
  readonly line: LineResult;
  /** A child to spawn now. Its `depends_on` may name ids not announced yet. */
  readonly child: ChildEvent | null;
}

/** A plan that has ended. */
export interface PlanEnd {
  /** Children of this plan, in the order announced. */
  readonly children: readonly ChildEvent[];
  /** Ids to wait for: of this plan and of earlier rounds. Empty without children or `await`. */
  readonly awaited: readonly string[];
  /** Rules of all its `await`s, one a line; `null` where none was given. */
  readonly rule: string | null;
  /** The text of an `atomic` that concludes the node; `null` without one. */
  readonly answer: string | null;
  /** An `atomic` without an answer: the node solves its task itself. */
  readonly solveItself: boolean;
  /** Verdicts known only now, such as an `await` for children that never came. */
  readonly late: readonly LineResult[];
}

/** One plan of a node, built line by line. Pure: it spawns nothing. */
export interface Plan {
  /** Takes the reader's next result: its final verdict, and a child to spawn if it is one. */
  accept(result: LineResult): PlanStep;
  /** Ends the plan, to be called once: what to wait for, or what the node answered. */
  end(): PlanEnd;
  /** Children accepted so far. */
  readonly size: number;
}

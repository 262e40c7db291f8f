/**
 * The part of node-llama-cpp that the engine uses, as types: the library is imported by path at
 * run time and is no dependency of this project.
 * @module
 */

/** A token's number. */
export type Token = number;

/** The module itself. */
export interface Library {
  getLlama(options: {
    readonly gpu: "auto" | false;
    readonly build: "never";
    readonly skipDownload: true;
    readonly maxThreads: number;
    readonly logLevel: string;
    readonly logger: (level: string, message: string) => void;
  }): Promise<Llama>;
  readonly LlamaGrammarEvaluationState: new (
    options: { readonly model: Model; readonly grammar: Grammar },
  ) => GrammarState;
}

/** A loaded llama.cpp. */
export interface Llama {
  loadModel(options: { readonly modelPath: string }): Promise<Model>;
  createGrammar(options: { readonly grammar: string }): Promise<Grammar>;
  createGrammarForJsonSchema(schema: unknown): Promise<Grammar>;
}

/** A compiled grammar. */
export interface Grammar {
  readonly grammar: string;
}

/** How far a reply has come in a grammar. */
export interface GrammarState {
  clone(): GrammarState;
}

/** A model in memory. */
export interface Model {
  readonly trainContextSize: number;
  readonly fileInfo: {
    readonly metadata: {
      readonly general?: { readonly name?: string };
      readonly tokenizer?: { readonly chat_template?: string };
    };
  };
  tokenize(text: string, special: boolean, option?: "trimLeadingSpace"): Token[];
  detokenize(tokens: readonly Token[], special: boolean, before?: readonly Token[]): string;
  isEogToken(token: Token): boolean;
  createContext(options: {
    readonly sequences: number;
    readonly contextSize: number;
    readonly lora?: string;
  }): Promise<Context>;
}

/** A context: the state of several sequences, with one adapter or none. */
export interface Context {
  readonly contextSize: number;
  getSequence(): Sequence;
}

/** The state of one sequence of tokens. */
export interface Sequence {
  readonly nextTokenIndex: number;
  readonly contextTokens: readonly Token[];
  readonly tokenMeter: { getState(): MeterState; diff(since: MeterState): MeterState };
  eraseContextTokenRanges(ranges: readonly { start: number; end: number }[]): Promise<void>;
  evaluateWithoutGeneratingNewTokens(tokens: readonly Token[]): Promise<void>;
  evaluate(tokens: readonly Token[], options: EvaluateOptions): AsyncGenerator<Token>;
  saveStateToFile(path: string): Promise<unknown>;
  loadStateFromFile(path: string, risk: { readonly acceptRisk: true }): Promise<void>;
}

/** Tokens that a sequence has evaluated so far. */
export interface MeterState {
  readonly usedInputTokens: number;
  readonly usedOutputTokens: number;
}

/** How tokens are picked. */
export interface EvaluateOptions {
  readonly temperature: number;
  readonly topP: number;
  readonly topK: number;
  readonly seed: number;
  readonly grammarEvaluationState?: GrammarState;
  readonly yieldEogToken: true;
}

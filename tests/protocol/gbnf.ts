/** Texts that a grammar allows: enough of GBNF for the grammars of this project. */

type Node =
  | { readonly is: "text"; readonly text: string }
  | { readonly is: "rule"; readonly name: string }
  | { readonly is: "class"; readonly negated: boolean; readonly ranges: [number, number][] }
  | { readonly is: "sequence"; readonly items: readonly Node[] }
  | { readonly is: "choice"; readonly items: readonly Node[] }
  | { readonly is: "repeat"; readonly item: Node; readonly least: number; readonly most: number };

/** A random whole number from `least` to `most`. */
export type Pick = (least: number, most: number) => number;

const printable = Array.from({ length: 95 }, (_, i) => i + 32);
const others = [0x0a, 0x09, 0x00, 0x7f, 0xe9, 0x3b1, 0x201c, 0xa0, 0x2003, 0x2028, 0xfeff, 0x1f600];

/** Makes a sampler of the texts that `grammar` allows. */
export function gbnfSampler(grammar: string): (pick: Pick) => string {
  const rules = new Map<string, Node>();
  for (const line of grammar.split("\n").filter((text) => text !== "")) {
    const [name, body] = line.split(/ ::= (.*)/s) as [string, string];
    rules.set(name, new Parser(body).choice());
  }
  const say = (node: Node, pick: Pick): string => {
    if (node.is === "text") return node.text;
    if (node.is === "rule") {
      const rule = rules.get(node.name);
      if (!rule) throw new Error(`The grammar has no rule ${node.name}.`);
      return say(rule, pick);
    }
    if (node.is === "sequence") return node.items.map((item) => say(item, pick)).join("");
    if (node.is === "choice") return say(node.items[pick(0, node.items.length - 1)]!, pick);
    if (node.is === "repeat") {
      const times = pick(node.least, Math.min(node.most, node.least + 12));
      return Array.from({ length: times }, () => say(node.item, pick)).join("");
    }
    const allowed = [...printable, ...others].filter((code) =>
      node.negated !== node.ranges.some(([from, to]) => code >= from && code <= to)
    );
    return String.fromCodePoint(allowed[pick(0, allowed.length - 1)]!);
  };
  return (pick) => say(rules.get("root")!, pick);
}

class Parser {
  #at = 0;
  constructor(readonly source: string) {}

  choice(): Node {
    const items = [this.#sequence()];
    while (this.#skip("|")) items.push(this.#sequence());
    return items.length === 1 ? items[0]! : { is: "choice", items };
  }

  #sequence(): Node {
    const items: Node[] = [];
    while (true) {
      while (this.source[this.#at] === " ") this.#at++;
      const mark = this.source[this.#at];
      if (mark === undefined || mark === "|" || mark === ")") break;
      items.push(this.#repeated(this.#item()));
    }
    return { is: "sequence", items };
  }

  #item(): Node {
    if (this.#skip("(")) {
      const inner = this.choice();
      if (!this.#skip(")")) throw new Error(`Unclosed group: ${this.source}`);
      return inner;
    }
    if (this.#skip('"')) {
      let text = "";
      while (!this.#skip('"')) text += String.fromCodePoint(this.#character());
      return { is: "text", text };
    }
    if (this.#skip("[")) {
      const negated = this.#skip("^");
      const ranges: [number, number][] = [];
      while (!this.#skip("]")) {
        const from = this.#character();
        ranges.push([from, this.#skip("-") ? this.#character() : from]);
      }
      return { is: "class", negated, ranges };
    }
    const name = /^[a-z-]+/.exec(this.source.slice(this.#at))?.[0];
    if (!name) throw new Error(`Not GBNF: ${this.source.slice(this.#at)}`);
    this.#at += name.length;
    return { is: "rule", name };
  }

  #repeated(item: Node): Node {
    const rest = this.source.slice(this.#at);
    const counts = /^\{(\d+),(\d*)\}/.exec(rest);
    if (counts) {
      this.#at += counts[0].length;
      const most = counts[2] === "" ? Infinity : Number(counts[2]);
      return { is: "repeat", item, least: Number(counts[1]), most };
    }
    if (this.#skip("*")) return { is: "repeat", item, least: 0, most: Infinity };
    if (this.#skip("+")) return { is: "repeat", item, least: 1, most: Infinity };
    if (this.#skip("?")) return { is: "repeat", item, least: 0, most: 1 };
    return item;
  }

  #character(): number {
    if (this.#at >= this.source.length) throw new Error(`Unclosed literal: ${this.source}`);
    if (!this.#skip("\\")) {
      const code = this.source.codePointAt(this.#at)!;
      this.#at += code > 0xffff ? 2 : 1;
      return code;
    }
    const mark = this.source[this.#at++]!;
    if (mark === "x" || mark === "u") {
      const digits = mark === "x" ? 2 : 4;
      this.#at += digits;
      return parseInt(this.source.slice(this.#at - digits, this.#at), 16);
    }
    return mark === "n" ? 10 : mark === "t" ? 9 : mark === "r" ? 13 : mark.codePointAt(0)!;
  }

  #skip(mark: string): boolean {
    if (this.source[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }
}

import { assert, test } from "../kit.ts";

test("mod.ts imports from a checkout", async () => {
  const rrm = await import("../../mod.ts");
  assert.equal(typeof rrm.InputError, "function");
});

/** @jsxImportSource npm:preact@10.29.2 */
/**
 * Names such as `streaming_parallel`, which may break after their underscores.
 * @module
 */
import { Fragment, type VNode } from "../deps/preact.ts";

/** `name`, with places to break a line. */
export function Name({ name }: { name: string }): VNode {
  const [first, ...rest] = name.split("_");
  return (
    <>
      {first}
      {rest.map((part) => (
        <Fragment key={part}>
          _<wbr />
          {part}
        </Fragment>
      ))}
    </>
  );
}

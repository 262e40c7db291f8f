/** The command line: flags, help, "did you mean". */
export { Command, CommanderError, InvalidArgumentError, Option } from "npm:commander@15.1.0";

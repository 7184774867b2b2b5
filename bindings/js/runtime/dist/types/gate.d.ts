/** What the gate found. */
export interface Passed {
    /** The parts that are the same in every module, in a row. */
    fixed_: Uint8Array<ArrayBuffer>;
    table_: Uint8Array;
}
/** Looks at a module that an engine has already found valid; `own` is how many functions the fixed loop has. */
export declare function gate(bytes: Uint8Array, own: number): Passed;

/** A number that is not written as a whole one. */
export declare class Written {
    readonly text: string;
    constructor(text: string);
    toString(): string;
}
/** Reads a text that holds one value and nothing else. Throws a `RequestError` (KW504) that names the place. */
export declare function parse(text: string): unknown;

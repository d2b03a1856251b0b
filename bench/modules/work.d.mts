export declare function mix(n: number): number;
export declare function spin(seed: number, turns: number): number;
export declare function large(bytes: number, tail: number): bigint;

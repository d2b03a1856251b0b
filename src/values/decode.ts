// Decoding what `v8.serialize` made, so that nothing of the result leads back to the bytes it came from.
import { DefaultDeserializer } from 'node:v8';

/** The value in `bytes`, with nothing shared between two decodings of the same bytes. */
export function decode(bytes: Uint8Array): unknown {
  const deserializer = new Detached(bytes);
  deserializer.readHeader();
  return deserializer.readValue();
}

// Node's own gives typed arrays that look into the bytes themselves: who writes to one would write to what the cache
// keeps, and its `buffer` would show the whole message.
class Detached extends DefaultDeserializer {
  // Called by the engine for every view; not in the type declarations.
  _readHostObject(): ArrayBufferView {
    const inherited = DefaultDeserializer.prototype as unknown as { _readHostObject(): ArrayBufferView };
    const view = inherited._readHostObject.call(this);
    if (Buffer.isBuffer(view)) return Buffer.from(view);
    const buffer = view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
    const Type = view.constructor as new (buffer: ArrayBufferLike) => ArrayBufferView;
    return new Type(buffer);
  }
}

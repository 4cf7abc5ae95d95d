#pragma once
#include <zlib.h>

// zlib's starting functions are macros, which Swift cannot call.

/// Starts reading a raw deflate stream: one without a header of its own, as in zip files.
static inline int czlib_inflate_raw(z_stream *stream) {
    return inflateInit2(stream, -MAX_WBITS);
}

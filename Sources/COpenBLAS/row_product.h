// The product of rows with a matrix that was packed once, giving the same bits whatever else is in
// the batch.
//
// Why not cblas_sgemm: its micro-kernels add up a row's products in an order that depends on the
// row's place in the batch (measured with OpenBLAS 0.3.21, cores Zen and Haswell: places 0-5 and
// 6-11 of every 12 differ, and so do edges), and on the core it detects. Here every output is one
// chain of fused multiply-adds, from the bias upwards in the order of the inner index, in every
// tile, in every cut of the inner index and on every CPU. Swift cannot compile one function for a
// newer CPU than the rest, hence C.
#pragma once

#include <stdint.h>
#include <stdlib.h>

/// How packed weights are stored; they are widened to 32 bits, exactly, as they are used.
enum { cj_float32 = 0, cj_bfloat16 = 1, cj_float16 = 2 };

/// Rows that go through all panels together: packed, they stay in the second-level cache.
#define CJ_ROWS 132
/// How much of the inner index a panel is cut into: 24 KB of floats, for the first-level cache.
#define CJ_INNER 384
/// Fewer panels than this are not worth packing rows for.
#define CJ_PACKING_PANELS 24

typedef float cj_lanes __attribute__((ext_vector_type(16)));
typedef float cj_loose __attribute__((ext_vector_type(16), aligned(4)));
typedef uint16_t cj_halves __attribute__((ext_vector_type(16), aligned(2)));
typedef uint32_t cj_words __attribute__((ext_vector_type(16)));

/// R rows (a constant, at most 6) times a cut of one panel of 16 columns: 12 AVX2 registers of sums,
/// which go on from what lies at `from`. Element i of row r is a[r * row_step + i * inner_step].
static inline __attribute__((always_inline)) void cj_tile(
    const int R, const float *_Nonnull a, long row_step, long inner_step,
    const float *_Nonnull panel, long inner, const float *_Nonnull from, long from_step,
    float *_Nonnull to, long to_step, int adds)
{
    cj_lanes sum[6];
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) sum[r] = *(const cj_loose *)(from + r * from_step);
#pragma clang loop unroll_count(4)
    for (long i = 0; i < inner; i++) {
        const cj_lanes w = *(const cj_loose *)(panel + 16 * i);
#pragma clang loop unroll(full)
        for (int r = 0; r < R; r++)
            sum[r] = __builtin_elementwise_fma(
                (cj_lanes)(a[r * row_step + i * inner_step]), w, sum[r]);
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
        cj_loose *out = (cj_loose *)(to + r * to_step);
        *out = adds ? *out + sum[r] : sum[r];
    }
}

/// A tile of rows as they lie (`lda` above 0), or packed index after index (`lda` 0).
static inline __attribute__((always_inline)) void cj_rows(
    const int R, const float *_Nonnull a, long lda, const float *_Nonnull panel, long inner,
    const float *_Nonnull from, long from_step, float *_Nonnull to, long to_step, int adds)
{
    if (lda) cj_tile(R, a, lda, 1, panel, inner, from, from_step, to, to_step, adds);
    else cj_tile(R, a, 1, R, panel, inner, from, from_step, to, to_step, adds);
}

/// `count` rows times a cut of a panel, six at a time.
static inline __attribute__((always_inline)) void cj_cut(
    long count, const float *_Nonnull a, long lda, const float *_Nonnull panel, long inner,
    const float *_Nonnull from, long from_step, float *_Nonnull to, long to_step, int adds)
{
    const long next = lda ? lda : inner;
    long r = 0;
    for (; r + 6 <= count; r += 6)
        cj_rows(6, a + r * next, lda, panel, inner, from + r * from_step, from_step,
                to + r * to_step, to_step, adds);
    a += r * next, from += r * from_step, to += r * to_step;
    switch (count - r) {
    case 1: cj_rows(1, a, lda, panel, inner, from, from_step, to, to_step, adds); break;
    case 2: cj_rows(2, a, lda, panel, inner, from, from_step, to, to_step, adds); break;
    case 3: cj_rows(3, a, lda, panel, inner, from, from_step, to, to_step, adds); break;
    case 4: cj_rows(4, a, lda, panel, inner, from, from_step, to, to_step, adds); break;
    case 5: cj_rows(5, a, lda, panel, inner, from, from_step, to, to_step, adds); break;
    }
}

/// Copies rows so that a tile's elements of one inner index lie together, cut after cut.
static inline __attribute__((always_inline)) void cj_pack(
    long count, long inner, const float *_Nonnull a, long lda, float *_Nonnull packed)
{
    for (long first = 0; first < inner; first += CJ_INNER) {
        const long size = inner - first < CJ_INNER ? inner - first : CJ_INNER;
        for (long r = 0; r < count; r += 6) {
            const long R = count - r < 6 ? count - r : 6;
            const float *from = a + r * lda + first;
            for (long i = 0; i < size; i++)
                for (long q = 0; q < R; q++) packed[R * i + q] = from[q * lda + i];
            packed += R * size;
        }
    }
}

/// 16 bits to 32, exactly, for finite numbers.
static inline __attribute__((always_inline)) void cj_widen(
    const uint16_t *_Nonnull from, long count, int kind, float *_Nonnull to)
{
    for (long i = 0; i < count; i += 16) {
        const cj_words h = __builtin_convertvector(*(const cj_halves *)(from + i), cj_words);
        // Shifted, a half's magnitude is 2 to the -112 of its value, subnormals included.
        const cj_lanes half = (cj_lanes)((h & 0x7FFF) << 13) * 0x1p112f;
        *(cj_loose *)(to + i) = kind == cj_bfloat16
            ? (cj_lanes)(h << 16) : (cj_lanes)((cj_words)half | (h & 0x8000) << 16);
    }
}

static inline __attribute__((always_inline)) void cj_product(
    long rows, long inner, long panels, const float *_Nonnull a, long lda,
    const void *_Nonnull weights, int kind, const float *_Nonnull bias, float *_Nonnull c,
    long ldc, int adds)
{
    float sums[CJ_ROWS * 16], wide[CJ_INNER * 16];
    const long most = rows < CJ_ROWS ? rows : CJ_ROWS;
    // Without memory for it, rows are read as they lie: slower, and the same.
    float *packed = panels >= CJ_PACKING_PANELS && rows > 1
        ? (float *)malloc((size_t)(most * inner) * sizeof(float) + 64) : 0;
    for (long first = 0; first < rows; first += CJ_ROWS) {
        const long count = rows - first < CJ_ROWS ? rows - first : CJ_ROWS;
        if (packed) cj_pack(count, inner, a + first * lda, lda, packed);
        for (long p = 0; p < panels; p++) {
            const float *start = bias + 16 * p;
            float *out = c + first * ldc + 16 * p;
            // At least one cut, so that an inner length of 0 gives the bias.
            for (long i = 0; i == 0 || i < inner; i += CJ_INNER) {
                const long size = inner - i < CJ_INNER ? inner - i : CJ_INNER;
                const long place = (p * inner + i) * 16;
                const float *panel = (const float *)weights + place;
                if (kind != cj_float32) {
                    cj_widen((const uint16_t *)weights + place, size * 16, kind, wide);
                    panel = wide;
                }
                const int ends = i + size >= inner;
                cj_cut(count, packed ? packed + i * count : a + first * lda + i, packed ? 0 : lda,
                       panel, size, i == 0 ? start : sums, i == 0 ? 0 : 16, ends ? out : sums,
                       ends ? ldc : 16, ends && adds);
            }
        }
    }
    free(packed);
}

/// For any CPU; without fused multiply-add instructions it is right but slow.
static __attribute__((noinline, unused)) void cj_row_product_portable(
    long rows, long inner, long panels, const float *_Nonnull a, long lda,
    const void *_Nonnull weights, int kind, const float *_Nonnull bias, float *_Nonnull c,
    long ldc, int adds)
{
    cj_product(rows, inner, panels, a, lda, weights, kind, bias, c, ldc, adds);
}

#if defined(__x86_64__)
static __attribute__((noinline, unused, target("avx2,fma"))) void cj_row_product_avx2(
    long rows, long inner, long panels, const float *_Nonnull a, long lda,
    const void *_Nonnull weights, int kind, const float *_Nonnull bias, float *_Nonnull c,
    long ldc, int adds)
{
    cj_product(rows, inner, panels, a, lda, weights, kind, bias, c, ldc, adds);
}
#endif

/// c[r][16p + j] = (adds ? c[r][16p + j] : 0) + (bias[16p + j] + sum over i of
/// a[r][i] * weights[p][i][j]); every row of c has room for whole panels (ldc >= 16 * panels).
static inline void cj_row_product(
    long rows, long inner, long panels, const float *_Nonnull a, long lda,
    const void *_Nonnull weights, int kind, const float *_Nonnull bias, float *_Nonnull c,
    long ldc, int adds)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        cj_row_product_avx2(rows, inner, panels, a, lda, weights, kind, bias, c, ldc, adds);
        return;
    }
#endif
    cj_row_product_portable(rows, inner, panels, a, lda, weights, kind, bias, c, ldc, adds);
}

// The product of rows with a matrix that was packed once, giving the same bits whatever else is in
// the batch.
//
// Why not cblas_sgemm: its micro-kernels add up a row's products in an order that depends on the
// row's place in the batch (measured with OpenBLAS 0.3.21, cores Zen and Haswell: places 0-5 and
// 6-11 of every 12 differ, and so do edges), and on the core it detects. Here every output is one
// chain of fused multiply-adds, from the bias upwards in the order of the inner index, in every
// tile and on every CPU. Swift cannot compile one function for a newer CPU than the rest, hence C.
#pragma once

typedef float cj_float16 __attribute__((ext_vector_type(16)));
typedef float cj_loose16 __attribute__((ext_vector_type(16), aligned(4)));

/// R rows (a constant, at most 6) times one panel of 16 columns: 12 AVX2 registers of sums.
static inline __attribute__((always_inline)) void cj_tile(
    const int R, const float *_Nonnull a, long lda, const float *_Nonnull panel, long inner,
    const float *_Nonnull bias, float *_Nonnull c, long ldc, int adds)
{
    cj_float16 sum[6];
    const cj_float16 start = *(const cj_loose16 *)bias;
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) sum[r] = start;
#pragma clang loop unroll_count(4)
    for (long i = 0; i < inner; i++) {
        const cj_float16 w = *(const cj_loose16 *)(panel + 16 * i);
#pragma clang loop unroll(full)
        for (int r = 0; r < R; r++)
            sum[r] = __builtin_elementwise_fma((cj_float16)(a[r * lda + i]), w, sum[r]);
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
        cj_loose16 *out = (cj_loose16 *)(c + r * ldc);
        *out = adds ? *out + sum[r] : sum[r];
    }
}

/// All rows times all panels, 96 rows at a time so that they stay in the second-level cache.
static inline __attribute__((always_inline)) void cj_rows(
    long rows, long inner, long panels, const float *_Nonnull a, long lda,
    const float *_Nonnull packed, const float *_Nonnull bias, float *_Nonnull c, long ldc, int adds)
{
    for (long first = 0; first < rows; first += 96) {
        const long last = first + 96 < rows ? first + 96 : rows;
        for (long p = 0; p < panels; p++) {
            const float *panel = packed + p * inner * 16, *b = bias + p * 16;
            float *out = c + p * 16;
            long r = first;
            for (; r + 6 <= last; r += 6)
                cj_tile(6, a + r * lda, lda, panel, inner, b, out + r * ldc, ldc, adds);
            for (; r < last; r++)
                cj_tile(1, a + r * lda, lda, panel, inner, b, out + r * ldc, ldc, adds);
        }
    }
}

/// For any CPU; without fused multiply-add instructions it is right but slow.
static __attribute__((noinline, unused)) void cj_row_product_portable(
    long rows, long inner, long panels, const float *_Nonnull a, long lda,
    const float *_Nonnull packed, const float *_Nonnull bias, float *_Nonnull c, long ldc, int adds)
{
    cj_rows(rows, inner, panels, a, lda, packed, bias, c, ldc, adds);
}

#if defined(__x86_64__)
static __attribute__((noinline, unused, target("avx2,fma"))) void cj_row_product_avx2(
    long rows, long inner, long panels, const float *_Nonnull a, long lda,
    const float *_Nonnull packed, const float *_Nonnull bias, float *_Nonnull c, long ldc, int adds)
{
    cj_rows(rows, inner, panels, a, lda, packed, bias, c, ldc, adds);
}
#endif

/// c[r][16p + j] = (adds ? c[r][16p + j] : 0) + (bias[16p + j] + sum over i of
/// a[r][i] * packed[p][i][j]); every row of c has room for whole panels (ldc >= 16 * panels).
static inline void cj_row_product(
    long rows, long inner, long panels, const float *_Nonnull a, long lda,
    const float *_Nonnull packed, const float *_Nonnull bias, float *_Nonnull c, long ldc, int adds)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        cj_row_product_avx2(rows, inner, panels, a, lda, packed, bias, c, ldc, adds);
        return;
    }
#endif
    cj_row_product_portable(rows, inner, panels, a, lda, packed, bias, c, ldc, adds);
}

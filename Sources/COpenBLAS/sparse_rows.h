// Sums and products of a few rows of a table, chosen by index: what sparse activations need.
//
// Every element of a sum is one chain of fused multiply-adds in the order of the indices, and every
// product is added up in an order that the width alone decides, so that the bits are the same on every
// CPU. A sum stays in registers while all rows are gone through, which is why this is not a loop over
// y = y + a x. Swift cannot compile one function for a newer CPU than the rest, hence C.
#pragma once

#include <stdint.h>

#include "row_product.h"

typedef float cj_eight __attribute__((ext_vector_type(8)));
typedef float cj_four __attribute__((ext_vector_type(4)));

/// L (a constant) times 16 columns of the sum.
static inline __attribute__((always_inline)) void cj_sum_columns(
    const int L, long count, const float *_Nonnull factors, long step,
    const uint32_t *_Nonnull indices, const float *_Nonnull base, long stride,
    float *_Nonnull sums)
{
    cj_lanes sum[4];
#pragma clang loop unroll(full)
    for (int l = 0; l < L; l++) sum[l] = *(const cj_loose *)(sums + 16 * l);
    for (long i = 0; i < count; i++) {
        const float *row = base + indices[i] * stride;
        const cj_lanes factor = (cj_lanes)(factors[i * step]);
#pragma clang loop unroll(full)
        for (int l = 0; l < L; l++)
            sum[l] = __builtin_elementwise_fma(factor, *(const cj_loose *)(row + 16 * l), sum[l]);
    }
#pragma clang loop unroll(full)
    for (int l = 0; l < L; l++) *(cj_loose *)(sums + 16 * l) = sum[l];
}

static inline __attribute__((always_inline)) void cj_sum(
    long count, const float *_Nonnull factors, long step, const uint32_t *_Nonnull indices,
    const float *_Nonnull base, long stride, long width, float *_Nonnull sums)
{
    long c = 0;
    for (; c + 64 <= width; c += 64)
        cj_sum_columns(4, count, factors, step, indices, base + c, stride, sums + c);
    for (; c < width; c += 16)
        cj_sum_columns(1, count, factors, step, indices, base + c, stride, sums + c);
}

static inline __attribute__((always_inline)) void cj_dot(
    long count, const float *_Nonnull x, const uint32_t *_Nonnull indices,
    const float *_Nonnull base, long stride, long width, float *_Nonnull products, long step)
{
    for (long i = 0; i < count; i++) {
        const float *row = base + indices[i] * stride;
        cj_lanes sum[4] = {(cj_lanes)(0.0f), (cj_lanes)(0.0f), (cj_lanes)(0.0f), (cj_lanes)(0.0f)};
        long c = 0;
        for (; c + 64 <= width; c += 64)
#pragma clang loop unroll(full)
            for (int l = 0; l < 4; l++)
                sum[l] = __builtin_elementwise_fma(
                    *(const cj_loose *)(x + c + 16 * l), *(const cj_loose *)(row + c + 16 * l),
                    sum[l]);
        for (; c < width; c += 16)
            sum[0] = __builtin_elementwise_fma(
                *(const cj_loose *)(x + c), *(const cj_loose *)(row + c), sum[0]);
        const cj_lanes all = (sum[0] + sum[1]) + (sum[2] + sum[3]);
        const cj_eight eight = __builtin_shufflevector(all, all, 0, 1, 2, 3, 4, 5, 6, 7)
            + __builtin_shufflevector(all, all, 8, 9, 10, 11, 12, 13, 14, 15);
        const cj_four four = __builtin_shufflevector(eight, eight, 0, 1, 2, 3)
            + __builtin_shufflevector(eight, eight, 4, 5, 6, 7);
        products[i * step] += (four[0] + four[2]) + (four[1] + four[3]);
    }
}

/// For any CPU; without fused multiply-add instructions it is right but slow.
static __attribute__((noinline, unused)) void cj_sparse_sum_portable(
    long count, const float *_Nonnull factors, long step, const uint32_t *_Nonnull indices,
    const float *_Nonnull base, long stride, long width, float *_Nonnull sums)
{
    cj_sum(count, factors, step, indices, base, stride, width, sums);
}

/// For any CPU, as the sum is.
static __attribute__((noinline, unused)) void cj_sparse_dot_portable(
    long count, const float *_Nonnull x, const uint32_t *_Nonnull indices,
    const float *_Nonnull base, long stride, long width, float *_Nonnull products, long step)
{
    cj_dot(count, x, indices, base, stride, width, products, step);
}

#if defined(__x86_64__)
static __attribute__((noinline, unused, target("avx2,fma"))) void cj_sparse_sum_avx2(
    long count, const float *_Nonnull factors, long step, const uint32_t *_Nonnull indices,
    const float *_Nonnull base, long stride, long width, float *_Nonnull sums)
{
    cj_sum(count, factors, step, indices, base, stride, width, sums);
}

static __attribute__((noinline, unused, target("avx2,fma"))) void cj_sparse_dot_avx2(
    long count, const float *_Nonnull x, const uint32_t *_Nonnull indices,
    const float *_Nonnull base, long stride, long width, float *_Nonnull products, long step)
{
    cj_dot(count, x, indices, base, stride, width, products, step);
}
#endif

/// sums[c] += sum over i of factors[step i] * base[stride indices[i] + c]; the width is a multiple of 16.
static inline void cj_sparse_sum(
    long count, const float *_Nonnull factors, long step, const uint32_t *_Nonnull indices,
    const float *_Nonnull base, long stride, long width, float *_Nonnull sums)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        cj_sparse_sum_avx2(count, factors, step, indices, base, stride, width, sums);
        return;
    }
#endif
    cj_sparse_sum_portable(count, factors, step, indices, base, stride, width, sums);
}

/// products[step i] += sum over c of x[c] * base[stride indices[i] + c]; the width is a multiple of 16.
static inline void cj_sparse_dot(
    long count, const float *_Nonnull x, const uint32_t *_Nonnull indices,
    const float *_Nonnull base, long stride, long width, float *_Nonnull products, long step)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        cj_sparse_dot_avx2(count, x, indices, base, stride, width, products, step);
        return;
    }
#endif
    cj_sparse_dot_portable(count, x, indices, base, stride, width, products, step);
}

// Sums and products over a list of rows with the bits that plain loops give, of one multiplication
// and one addition at a time: there is no fused multiply-add here, in no variant, so that what was
// trained with the loops is trained again to the bit.
//
// In C for the reason given in `row_product.h`: one function for a newer CPU than the rest.
#pragma once

#include <stdint.h>

typedef float cj_plain_lanes __attribute__((ext_vector_type(16)));
typedef float cj_plain_half __attribute__((ext_vector_type(8)));
typedef float cj_plain_quarter __attribute__((ext_vector_type(4)));
typedef float cj_plain_loose __attribute__((ext_vector_type(16), aligned(4)));

/// Rows further down a list that are fetched while one is used.
#define CJ_PLAIN_AHEAD 4

/// y[0 ..< 16 B] += the sum of the list's coefficients times rows, in the order of the list.
static inline __attribute__((always_inline)) void cj_plain_add_block(
    const int B, long count, const float *_Nonnull coefficients, const uint32_t *_Nonnull indices,
    const float *_Nonnull rows, long stride, float *_Nonnull y)
{
#pragma clang fp contract(off)
    cj_plain_lanes sum[4];
#pragma clang loop unroll(full)
    for (int b = 0; b < B; b++) sum[b] = *(const cj_plain_loose *)(y + 16 * b);
    for (long p = 0; p < count; p++) {
        const float *row = rows + (long)indices[p] * stride;
        if (p + CJ_PLAIN_AHEAD < count) {
            const float *next = rows + (long)indices[p + CJ_PLAIN_AHEAD] * stride;
#pragma clang loop unroll(full)
            for (int b = 0; b < B; b++) __builtin_prefetch(next + 16 * b);
        }
        const cj_plain_lanes factor = (cj_plain_lanes)coefficients[p];
#pragma clang loop unroll(full)
        for (int b = 0; b < B; b++) {
            const cj_plain_lanes product = factor * *(const cj_plain_loose *)(row + 16 * b);
            sum[b] = sum[b] + product;
        }
    }
#pragma clang loop unroll(full)
    for (int b = 0; b < B; b++) *(cj_plain_loose *)(y + 16 * b) = sum[b];
}

static inline __attribute__((always_inline)) void cj_plain_add_list(
    long count, const float *_Nonnull coefficients, const uint32_t *_Nonnull indices,
    const float *_Nonnull rows, long stride, long width, float *_Nonnull y)
{
#pragma clang fp contract(off)
    long c = 0;
    for (; c + 64 <= width; c += 64)
        cj_plain_add_block(4, count, coefficients, indices, rows + c, stride, y + c);
    for (; c + 16 <= width; c += 16)
        cj_plain_add_block(1, count, coefficients, indices, rows + c, stride, y + c);
    for (; c < width; c++)
        for (long p = 0; p < count; p++) {
            const float product = coefficients[p] * rows[(long)indices[p] * stride + c];
            y[c] = y[c] + product;
        }
}

/// The sum of the lanes, halves first.
static inline __attribute__((always_inline)) float cj_lane_sum(cj_plain_lanes v)
{
    const cj_plain_half a = v.lo + v.hi;
    const cj_plain_quarter b = a.lo + a.hi;
    return (b[0] + b[2]) + (b[1] + b[3]);
}

/// x times R rows (a constant, at most 4).
static inline __attribute__((always_inline)) void cj_plain_dot_block(
    const int R, const float *_Nonnull x, const uint32_t *_Nonnull indices,
    const float *_Nonnull rows, long stride, long width, float *_Nonnull products)
{
#pragma clang fp contract(off)
    const float *row[4];
    cj_plain_lanes sum[4];
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) row[r] = rows + (long)indices[r] * stride, sum[r] = 0;
    long c = 0;
    for (; c + 16 <= width; c += 16) {
        const cj_plain_lanes value = *(const cj_plain_loose *)(x + c);
#pragma clang loop unroll(full)
        for (int r = 0; r < R; r++) {
            const cj_plain_lanes product = value * *(const cj_plain_loose *)(row[r] + c);
            sum[r] = sum[r] + product;
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < R; r++) {
        if (c < width) {
            cj_plain_lanes rest = 0;
            for (long i = c; i < width; i++) rest[i - c] = x[i] * row[r][i];
            sum[r] = sum[r] + rest;
        }
        products[r] = cj_lane_sum(sum[r]);
    }
}

static inline __attribute__((always_inline)) void cj_plain_dot_list(
    const float *_Nonnull x, const uint32_t *_Nonnull indices, long count,
    const float *_Nonnull rows, long stride, long width, float *_Nonnull products)
{
    long p = 0;
    for (; p + 4 <= count; p += 4)
        cj_plain_dot_block(4, x, indices + p, rows, stride, width, products + p);
    for (; p < count; p++) cj_plain_dot_block(1, x, indices + p, rows, stride, width, products + p);
}

#if defined(__x86_64__)
static __attribute__((noinline, unused, target("avx2"))) void cj_plain_add_rows_avx2(
    long count, const float *_Nonnull coefficients, const uint32_t *_Nonnull indices,
    const float *_Nonnull rows, long stride, long width, float *_Nonnull y)
{
    cj_plain_add_list(count, coefficients, indices, rows, stride, width, y);
}

static __attribute__((noinline, unused, target("avx2"))) void cj_plain_dot_rows_avx2(
    const float *_Nonnull x, const uint32_t *_Nonnull indices, long count,
    const float *_Nonnull rows, long stride, long width, float *_Nonnull products)
{
    cj_plain_dot_list(x, indices, count, rows, stride, width, products);
}
#endif

/// y += the sum of coefficients[p] * rows[indices[p]], in the order of p.
static inline void cj_plain_add_rows(
    long count, const float *_Nonnull coefficients, const uint32_t *_Nonnull indices,
    const float *_Nonnull rows, long stride, long width, float *_Nonnull y)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        cj_plain_add_rows_avx2(count, coefficients, indices, rows, stride, width, y);
        return;
    }
#endif
    cj_plain_add_list(count, coefficients, indices, rows, stride, width, y);
}

/// products[p] = x times rows[indices[p]]: 16 running sums, halves first in the end.
static inline void cj_plain_dot_rows(
    const float *_Nonnull x, const uint32_t *_Nonnull indices, long count,
    const float *_Nonnull rows, long stride, long width, float *_Nonnull products)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        cj_plain_dot_rows_avx2(x, indices, count, rows, stride, width, products);
        return;
    }
#endif
    cj_plain_dot_list(x, indices, count, rows, stride, width, products);
}

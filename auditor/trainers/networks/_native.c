/* Training of plain networks, one after another, each staying in the cache: native.py calls this.
 *
 * No Python in here: it is loaded with ctypes. Everything exists for float and double, and on x86-64 for
 * three instruction sets, of which the best that the processor has is used.
 */

#include <math.h>
#include <stdint.h>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

#define VERSION 1 /* of what native.py calls */
#define MOST_LAYERS 32
#define MOST_ROWS 8 /* of a tile */
#define LANES 16
#define FILLED(count) (((count) + LANES - 1) / LANES * LANES)
#define ALWAYS inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 8")
#define JOIN_(name, set, type) name##_##set##_##type
#define JOIN(name, set, type) JOIN_(name, set, type)
#define NAME(name) JOIN(name, SET, REAL)

enum { RELU, TANH, GELU, SILU };
enum { CROSS_ENTROPY, BINARY_CROSS_ENTROPY, SQUARED, ABSOLUTE, HUBER };
enum { SGD, ADAM, RMSPROP };

typedef struct {
    int64_t layers, loss, optimizer, decoupled, nesterov, amsgrad, centered, step;
    const int64_t *widths, *activations, *dropped, *drawn;
    const double *dropouts;
    double rate, momentum, dampening, beta1, beta2, alpha, eps, weight_decay;
    void *weights, *states[3];
    const void *const *draws; /* by hidden layer: (steps, drawn, filled batch) */
} network;

typedef struct {
    int64_t rows, batch;
    const void *straight; /* (steps, filled batch, filled columns) */
    const void *across;   /* (steps, columns, filled batch) */
    const void *truth;    /* (steps, filled batch) */
    void *room;
} batches;

#if defined(__x86_64__)
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma,prefer-vector-width=512")
#endif
#define SET avx512
#define BYTES 64
#define ROWS 8
#define REAL float
#define SINGLE 1
#include "_native.h"
#define REAL double
#define SINGLE 0
#include "_native.h"
#undef SET
#undef BYTES
#undef ROWS
#ifdef __clang__
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#endif
#define SET avx2
#define BYTES 32
#define ROWS 4
#define REAL float
#define SINGLE 1
#include "_native.h"
#define REAL double
#define SINGLE 0
#include "_native.h"
#undef SET
#undef BYTES
#undef ROWS
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif

#define SET any
#define BYTES 16
#define ROWS 4
#define REAL float
#define SINGLE 1
#include "_native.h"
#define REAL double
#define SINGLE 0
#include "_native.h"

/* 2: AVX-512, 1: AVX2, 0: whatever every processor of this kind has. */
static int best(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return 2;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return 1;
#endif
    return 0;
}

#if defined(__x86_64__)
#define CALL(single, set, function, ...)                                                                       \
    ((set) == 2   ? ((single) ? function##_avx512_float(__VA_ARGS__) : function##_avx512_double(__VA_ARGS__))  \
     : (set) == 1 ? ((single) ? function##_avx2_float(__VA_ARGS__) : function##_avx2_double(__VA_ARGS__))      \
                  : ((single) ? function##_any_float(__VA_ARGS__) : function##_any_double(__VA_ARGS__)))
#else
#define CALL(single, set, function, ...)                                                                       \
    ((single) ? function##_any_float(__VA_ARGS__) : function##_any_double(__VA_ARGS__))
#endif

int auditor_version(void) { return VERSION; }

int auditor_best(void) { return best(); }

/* How many numbers the room for a network must hold. */
int64_t auditor_room(const network *net, int64_t batch) {
    room_any_double room;
    return furnish_any_double(&room, 0, net, FILLED(batch)) + 64;
}

/* Train every network on the same rows, one after another. */
void auditor_learn(int single, int set, network *const *nets, int64_t count, const batches *given) {
#if defined(__SSE__)
    /* Averages that die away would take a hundred times as long: count what is below 1e-38 as 0. */
    const unsigned int before = _mm_getcsr();
    _mm_setcsr(before | 0x8040);
#endif
    for (int64_t number = 0; number < count; number++)
        CALL(single, set, learn, nets[number], given);
#if defined(__SSE__)
    _mm_setcsr(before);
#endif
}

/* Write what every network says of some rows: (networks, rows, outputs). */
void auditor_predict(int single, int set, network *const *nets, int64_t count, const batches *given, void *out) {
    for (int64_t number = 0; number < count; number++) {
        const int64_t at = number * given->rows * nets[0]->widths[nets[0]->layers];
        CALL(single, set, predict, nets[number], given,
             single ? (void *)((float *)out + at) : (void *)((double *)out + at));
    }
}

/* Whether a network's weights are all numbers. */
int auditor_finite(int single, int set, const network *net) { return CALL(single, set, finite, net); }

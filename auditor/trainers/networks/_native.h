/* Training of networks of linear layers, for one type of number and one instruction set.
 *
 * Included by _native.c with REAL (float or double), SINGLE (1 for float), BYTES (of a vector), ROWS (of a
 * tile) and NAME(x) (x with a suffix of its own).
 *
 * Values are kept across: (units, rows of the batch), the batch filled up with zeros. So the forward pass and
 * the slopes by the values multiply weights, read one by one, with vectors of rows, and the weights lie as torch
 * keeps them, (outputs, inputs), inputs filled up. Only the slopes by the weights want values straight,
 * (rows, units); they go into the optimizer stripe by stripe, before they leave the cache. Every sum is taken
 * in one order, whatever else is trained: a network has the same bits in any company.
 */

#define WIDTH (BYTES / (SINGLE ? 4 : 8))

typedef REAL NAME(vector) __attribute__((vector_size(WIDTH * sizeof(REAL)), aligned(sizeof(REAL)), may_alias));

/* What of a layer is where: begin of its matrix and of its biases in the weights. */
static inline int64_t NAME(matrix)(const network *net, int64_t layer) {
    int64_t begin = 0;
    for (int64_t before = 0; before < layer; before++)
        begin += net->widths[before + 1] * FILLED(net->widths[before]) + FILLED(net->widths[before + 1]);
    return begin;
}

static inline int64_t NAME(biases)(const network *net, int64_t layer) {
    return NAME(matrix)(net, layer) + net->widths[layer + 1] * FILLED(net->widths[layer]);
}

/* ---- products ---- */

/* out[r][c] = first[r] + sum over k of a[r * across + k * along] * b[k * ldb + c], one tile in registers. */
static ALWAYS void NAME(tile)(const int rows, const int lanes, REAL *out, int64_t ldo, const REAL *first,
                              const REAL *a, int64_t across, int64_t along, const REAL *b, int64_t ldb,
                              int64_t depth) {
    NAME(vector) sum[ROWS][2];
    UNROLL for (int r = 0; r < rows; r++)
        UNROLL for (int c = 0; c < lanes; c++)
            sum[r][c] = (NAME(vector)){0} + (first ? first[r] : (REAL)0);
    for (int64_t k = 0; k < depth; k++) {
        NAME(vector) right[2];
        UNROLL for (int c = 0; c < lanes; c++)
            right[c] = *(const NAME(vector) *)(b + k * ldb + c * WIDTH);
        UNROLL for (int r = 0; r < rows; r++) {
            const REAL left = a[r * across + k * along];
            UNROLL for (int c = 0; c < lanes; c++)
                sum[r][c] += left * right[c];
        }
    }
    UNROLL for (int r = 0; r < rows; r++)
        UNROLL for (int c = 0; c < lanes; c++)
            *(NAME(vector) *)(out + r * ldo + c * WIDTH) = sum[r][c];
}

#define TILES(rows)                                                                                            \
    for (int64_t c = 0; c < columns; c += 2 * WIDTH) {                                                         \
        if (columns - c >= 2 * WIDTH)                                                                          \
            NAME(tile)(rows, 2, out + c, ldo, first, a, across, along, b + c, ldb, depth);                     \
        else                                                                                                   \
            NAME(tile)(rows, 1, out + c, ldo, first, a, across, along, b + c, ldb, depth);                     \
    }

static void NAME(stripe)(int64_t rows, int64_t columns, REAL *out, int64_t ldo, const REAL *first,
                         const REAL *a, int64_t across, int64_t along, const REAL *b, int64_t ldb,
                         int64_t depth) {
    int64_t r = 0;
#define NEXT(count)                                                                                            \
    for (; rows - r >= count; r += count) {                                                                    \
        TILES(count)                                                                                           \
        out += count * ldo, a += count * across, first += first ? count : 0;                                   \
    }
#if ROWS == 8
    NEXT(8)
#endif
    NEXT(4) NEXT(2) NEXT(1)
#undef NEXT
}
#undef TILES

/* ---- functions ---- */

#if SINGLE
/* exp by Cephes' polynomial (Moshier), within 2 units in the last place between -87 and 88. */
static ALWAYS REAL NAME(exp)(REAL x) {
    REAL cut = x < -87.0f ? -87.0f : x;
    cut = cut > 88.0f ? 88.0f : cut;
    const REAL whole = (cut * 1.44269504088896341f + 12582912.0f) - 12582912.0f;
    const REAL r = (cut - whole * 0.693359375f) + whole * 2.12194440e-4f;
    REAL p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    union { uint32_t bits; float value; } power;
    power.bits = ((uint32_t)(int32_t)whole + 127u) << 23; /* of no number any: p is none either */
    return p * power.value;
}

/* tanh by Cephes' polynomial (Moshier) near 0, elsewhere by exp. */
static ALWAYS REAL NAME(tanh)(REAL x) {
    const REAL size = x < 0 ? -x : x, z = x * x;
    REAL p = -5.70498872745e-3f;
    p = p * z + 2.06390887954e-2f;
    p = p * z - 5.37397155531e-2f;
    p = p * z + 1.33314422036e-1f;
    p = p * z - 3.33332819422e-1f;
    const REAL near = p * z * x + x;
    const REAL far = 1.0f - 2.0f / (NAME(exp)(2.0f * size) + 1.0f);
    return size < 0.625f ? near : (x < 0 ? -far : far);
}

/* erf by the rational function of XLA and Eigen, within 3e-7. */
static ALWAYS REAL NAME(erf)(REAL given) {
    REAL x = given < -4.0f ? -4.0f : given;
    x = x > 4.0f ? 4.0f : x;
    const REAL z = x * x;
    REAL p = -2.72614225801306e-10f;
    p = p * z + 2.77068142495902e-08f;
    p = p * z - 2.10102402082508e-06f;
    p = p * z - 5.69250639462346e-05f;
    p = p * z - 7.34990630326855e-04f;
    p = p * z - 2.95459980854025e-03f;
    p = p * z - 1.60960333262415e-02f;
    REAL q = -1.45660718464996e-05f;
    q = q * z - 2.13374055278905e-04f;
    q = q * z - 1.68282697438203e-03f;
    q = q * z - 7.37332916720468e-03f;
    q = q * z - 1.42647390514189e-02f;
    return x * p / q;
}
#define ROOT(x) __builtin_sqrtf(x)
#else
static ALWAYS REAL NAME(exp)(REAL x) { return exp(x); }
static ALWAYS REAL NAME(tanh)(REAL x) { return tanh(x); }
static ALWAYS REAL NAME(erf)(REAL x) { return erf(x); }
#define ROOT(x) __builtin_sqrt(x)
#endif

static ALWAYS REAL NAME(sigmoid)(REAL x) { return (REAL)1 / ((REAL)1 + NAME(exp)(-x)); }

#define EACH for (int64_t i = 0; i < count; i++)

/* known: what goes in; the slope of gelu and silu is told from it, that of relu and tanh from what comes out. */
static void NAME(activate)(int64_t activation, REAL *restrict values, REAL *restrict known, int64_t count) {
    switch (activation) {
    case RELU: /* no number stays no number */
        EACH values[i] = known[i] = values[i] <= 0 ? (REAL)0 : values[i];
        return;
    case TANH:
        EACH values[i] = known[i] = NAME(tanh)(values[i]);
        return;
    case GELU:
        EACH {
            known[i] = values[i];
            values[i] *= (REAL)0.5 * ((REAL)1 + NAME(erf)(values[i] * (REAL)0.70710678118654752440));
        }
        return;
    case SILU:
        EACH {
            known[i] = values[i];
            values[i] *= NAME(sigmoid)(values[i]);
        }
    }
}

static void NAME(deactivate)(int64_t activation, REAL *restrict change, const REAL *restrict known,
                             int64_t count) {
    switch (activation) {
    case RELU:
        EACH change[i] = known[i] <= 0 ? (REAL)0 : change[i];
        return;
    case TANH:
        EACH change[i] *= (REAL)1 - known[i] * known[i];
        return;
    case GELU:
        EACH {
            const REAL x = known[i];
            const REAL below = (REAL)0.5 * ((REAL)1 + NAME(erf)(x * (REAL)0.70710678118654752440));
            change[i] *= below + x * (REAL)0.39894228040143267794 * NAME(exp)((REAL)-0.5 * x * x);
        }
        return;
    case SILU:
        EACH {
            const REAL share = NAME(sigmoid)(known[i]);
            change[i] *= share * ((REAL)1 + known[i] * ((REAL)1 - share));
        }
    }
}

/* Units whose draw lies below the rate say nothing, the others more. */
static void NAME(drop)(REAL *restrict values, const REAL *restrict draws, REAL rate, int64_t count) {
    const REAL more = (REAL)1 / ((REAL)1 - rate);
    EACH values[i] = draws[i] < rate ? (REAL)0 : values[i] * more;
}

/* From outputs to the slopes of the mean loss by them: (outputs, batch). */
static void NAME(slope)(int64_t loss, REAL *restrict given, const REAL *restrict truth, REAL *restrict most,
                        REAL *restrict total, int64_t outputs, int64_t batch, int64_t rows) {
    const REAL share = (REAL)1 / (REAL)rows;
    if (loss == CROSS_ENTROPY) {
        for (int64_t b = 0; b < batch; b++) {
            most[b] = given[b];
            total[b] = 0;
        }
        for (int64_t o = 1; o < outputs; o++)
            for (int64_t b = 0; b < batch; b++)
                most[b] = most[b] < given[o * batch + b] ? given[o * batch + b] : most[b];
        for (int64_t o = 0; o < outputs; o++)
            for (int64_t b = 0; b < batch; b++) {
                given[o * batch + b] = NAME(exp)(given[o * batch + b] - most[b]);
                total[b] += given[o * batch + b];
            }
        for (int64_t b = 0; b < batch; b++)
            total[b] = share / total[b];
        for (int64_t o = 0; o < outputs; o++)
            for (int64_t b = 0; b < batch; b++)
                given[o * batch + b] =
                    given[o * batch + b] * total[b] - (truth[b] == (REAL)o ? share : (REAL)0);
    } else {
        for (int64_t b = 0; b < batch; b++) {
            const REAL off = given[b] - truth[b];
            REAL found = 0;
            switch (loss) {
            case BINARY_CROSS_ENTROPY: found = NAME(sigmoid)(given[b]) - truth[b]; break;
            case SQUARED: found = 2 * off; break;
            case ABSOLUTE: found = off > 0 ? (REAL)1 : (off < 0 ? (REAL)-1 : off); break;
            case HUBER: found = off > 1 ? (REAL)1 : (off < -1 ? (REAL)-1 : off); break;
            }
            given[b] = found * share;
        }
    }
    for (int64_t o = 0; o < outputs; o++) /* rows that fill the batch teach nothing */
        for (int64_t b = rows; b < batch; b++)
            given[o * batch + b] = 0;
}

static void NAME(turn)(const REAL *restrict across, REAL *restrict straight, int64_t units, int64_t batch,
                       int64_t width) {
    for (int64_t unit = 0; unit < units; unit += 16)
        for (int64_t b = 0; b < batch; b++) {
            const int64_t some = units - unit < 16 ? units - unit : 16;
            for (int64_t u = 0; u < some; u++)
                straight[b * width + unit + u] = across[(unit + u) * batch + b];
        }
    for (int64_t b = 0; b < batch; b++)
        for (int64_t unit = units; unit < width; unit++)
            straight[b * width + unit] = 0;
}

/* ---- optimizers: as in torch.optim ---- */

typedef struct {
    REAL rate, decay, kept, first, second, root, eps, momentum, damped, alpha;
} NAME(pace);

static void NAME(update)(const network *net, const NAME(pace) *p, int64_t at, const REAL *restrict slopes,
                         int64_t count) {
    REAL *restrict weights = (REAL *)net->weights + at;
    REAL *restrict one = (REAL *)net->states[0] + at;
    REAL *restrict two = (REAL *)net->states[1] + at;
    REAL *restrict three = (REAL *)net->states[2] + at;
    const REAL rate = p->rate, decay = p->decay, eps = p->eps, momentum = p->momentum;
    const REAL first = p->first, second = p->second, root = p->root, kept = p->kept, alpha = p->alpha;
    switch (net->optimizer) {
    case SGD:
        if (momentum == 0) {
            EACH weights[i] -= rate * (slopes[i] + decay * weights[i]);
            return;
        }
        if (net->step == 1) {
            EACH one[i] = slopes[i] + decay * weights[i];
        } else {
            const REAL damped = p->damped;
            EACH one[i] = momentum * one[i] + damped * (slopes[i] + decay * weights[i]);
        }
        if (net->nesterov)
            EACH weights[i] -= rate * (slopes[i] + decay * weights[i] + momentum * one[i]);
        else
            EACH weights[i] -= rate * one[i];
        return;
    case ADAM:
        if (net->amsgrad) {
            EACH {
                const REAL g = slopes[i] + decay * weights[i];
                one[i] += first * (g - one[i]);
                two[i] = two[i] + second * (g * g - two[i]);
                three[i] = three[i] < two[i] ? two[i] : three[i];
                weights[i] = kept * weights[i] - rate * one[i] / (ROOT(three[i]) * root + eps);
            }
            return;
        }
        EACH {
            const REAL g = slopes[i] + decay * weights[i];
            one[i] += first * (g - one[i]);
            two[i] = two[i] + second * (g * g - two[i]);
            weights[i] = kept * weights[i] - rate * one[i] / (ROOT(two[i]) * root + eps);
        }
        return;
    case RMSPROP:
        if (net->centered) {
            EACH {
                const REAL g = slopes[i] + decay * weights[i];
                one[i] = alpha * one[i] + ((REAL)1 - alpha) * g * g;
                three[i] += ((REAL)1 - alpha) * (g - three[i]);
                two[i] = momentum * two[i] + g / (ROOT(one[i] - three[i] * three[i]) + eps);
                weights[i] -= rate * two[i];
            }
            return;
        }
        EACH {
            const REAL g = slopes[i] + decay * weights[i];
            one[i] = alpha * one[i] + ((REAL)1 - alpha) * g * g;
            two[i] = momentum * two[i] + g / (ROOT(one[i]) + eps);
            weights[i] -= rate * two[i];
        }
    }
}

static NAME(pace) NAME(pace_of)(const network *net) {
    NAME(pace) p = {0};
    const double steps = (double)net->step, rate = net->rate;
    p.rate = (REAL)rate, p.decay = (REAL)net->weight_decay, p.kept = 1;
    p.eps = (REAL)net->eps, p.momentum = (REAL)net->momentum, p.alpha = (REAL)net->alpha;
    p.damped = (REAL)(1.0 - net->dampening);
    if (net->optimizer == ADAM) {
        p.first = (REAL)(1.0 - net->beta1), p.second = (REAL)(1.0 - net->beta2);
        p.rate = (REAL)(rate / (1.0 - pow(net->beta1, steps)));
        p.root = (REAL)(1.0 / sqrt(1.0 - pow(net->beta2, steps)));
        if (net->decoupled)
            p.decay = 0, p.kept = (REAL)(1.0 - rate * net->weight_decay);
    }
    return p;
}

/* ---- a step, many steps, and what comes out ---- */

typedef struct {
    REAL *straight[MOST_LAYERS], *across[MOST_LAYERS], *known[MOST_LAYERS], *change[2], *stripe, *most, *total;
} NAME(room);

/* Return where what is where in the room, and how many numbers it takes. */
static int64_t NAME(furnish)(NAME(room) *room, REAL *begin, const network *net, int64_t batch) {
    int64_t widest = 16, at = 0;
    for (int64_t layer = 0; layer <= net->layers; layer++) {
        const int64_t width = FILLED(net->widths[layer]);
        widest = width > widest ? width : widest;
        if (layer > 0) {
            room->straight[layer] = begin + at, at += batch * width;
            room->across[layer] = begin + at, at += batch * width;
            room->known[layer] = begin + at, at += batch * width;
        }
    }
    room->change[0] = begin + at, at += batch * widest;
    room->change[1] = begin + at, at += batch * widest;
    room->stripe = begin + at, at += MOST_ROWS * widest;
    room->most = begin + at, at += batch;
    room->total = begin + at, at += batch;
    return at;
}

static void NAME(forward)(const network *net, const NAME(room) *room, const REAL *across, int64_t batch,
                          int64_t layer) {
    const REAL *weights = net->weights;
    NAME(stripe)(net->widths[layer + 1], batch, room->across[layer + 1], batch,
                 weights + NAME(biases)(net, layer), weights + NAME(matrix)(net, layer),
                 FILLED(net->widths[layer]), 1, across, batch, net->widths[layer]);
}

static void NAME(learn_layer)(const network *net, const NAME(pace) *pace, NAME(room) *room, const REAL *change,
                              const REAL *straight, int64_t batch, int64_t rows, int64_t layer) {
    const int64_t units = net->widths[layer + 1], width = FILLED(net->widths[layer]);
    for (int64_t unit = 0; unit < units; unit += ROWS) {
        const int64_t some = units - unit < ROWS ? units - unit : ROWS;
        NAME(stripe)(some, width, room->stripe, width, 0, change + unit * batch, batch, 1, straight, width,
                     rows);
        NAME(update)(net, pace, NAME(matrix)(net, layer) + unit * width, room->stripe, some * width);
    }
    REAL *slopes = room->stripe; /* as wide as the widest layer, at least */
    for (int64_t unit = 0; unit < FILLED(units); unit++) {
        REAL sum = 0;
        if (unit < units)
            for (int64_t b = 0; b < batch; b++)
                sum += change[unit * batch + b];
        slopes[unit] = sum;
    }
    NAME(update)(net, pace, NAME(biases)(net, layer), slopes, FILLED(units));
}

static void NAME(step)(network *net, NAME(room) *room, const REAL *straight, const REAL *across,
                       const REAL *truth, const REAL *const *draws, int64_t batch, int64_t rows) {
    const int64_t last = net->layers - 1;
    const REAL *in = across;
    room->straight[0] = (REAL *)straight;
    for (int64_t layer = 0; layer < last; layer++) {
        const int64_t units = net->widths[layer + 1], count = units * batch;
        NAME(forward)(net, room, in, batch, layer);
        NAME(activate)(net->activations[layer], room->across[layer + 1], room->known[layer + 1], count);
        if (net->dropped[layer])
            NAME(drop)(room->across[layer + 1], draws[layer], (REAL)net->dropouts[layer], count);
        NAME(turn)(room->across[layer + 1], room->straight[layer + 1], units, batch, FILLED(units));
        in = room->across[layer + 1];
    }
    NAME(forward)(net, room, in, batch, last);
    NAME(slope)(net->loss, room->across[net->layers], truth, room->most, room->total, net->widths[net->layers],
                batch, rows);
    net->step += 1;
    const NAME(pace) pace = NAME(pace_of)(net);
    REAL *change = room->across[net->layers];
    for (int64_t layer = last; layer >= 0; layer--) {
        REAL *below = room->change[layer & 1];
        if (layer > 0) { /* before the weights move */
            const int64_t units = net->widths[layer], count = units * batch;
            NAME(stripe)(units, batch, below, batch, 0, (REAL *)net->weights + NAME(matrix)(net, layer), 1,
                         FILLED(units), change, batch, net->widths[layer + 1]);
            if (net->dropped[layer - 1])
                NAME(drop)(below, draws[layer - 1], (REAL)net->dropouts[layer - 1], count);
            NAME(deactivate)(net->activations[layer - 1], below, room->known[layer], count);
        }
        NAME(learn_layer)(net, &pace, room, change, room->straight[layer], batch, rows, layer);
        change = below;
    }
}

static void NAME(learn)(network *net, const batches *given) {
    NAME(room) room;
    const int64_t batch = FILLED(given->batch), columns = net->widths[0];
    NAME(furnish)(&room, given->room, net, batch);
    int64_t drawn[MOST_LAYERS] = {0};
    for (int64_t step = 0, done = 0; done < given->rows; step++, done += given->batch) {
        const int64_t rows = given->rows - done < given->batch ? given->rows - done : given->batch;
        const REAL *draws[MOST_LAYERS];
        for (int64_t layer = 0; layer < net->layers - 1; layer++) {
            draws[layer] = net->dropped[layer] ? (const REAL *)net->draws[layer] + drawn[layer] : 0;
            drawn[layer] += net->drawn[layer] * batch;
        }
        NAME(step)(net, &room, (const REAL *)given->straight + step * batch * FILLED(columns),
                   (const REAL *)given->across + step * batch * columns,
                   (const REAL *)given->truth + step * batch, draws, batch, rows);
    }
}

static void NAME(predict)(network *net, const batches *given, REAL *out) {
    NAME(room) room;
    const int64_t batch = FILLED(given->batch), columns = net->widths[0], outputs = net->widths[net->layers];
    NAME(furnish)(&room, given->room, net, batch);
    for (int64_t step = 0, done = 0; done < given->rows; step++, done += given->batch) {
        const int64_t rows = given->rows - done < given->batch ? given->rows - done : given->batch;
        const REAL *in = (const REAL *)given->across + step * batch * columns;
        for (int64_t layer = 0; layer < net->layers; layer++) {
            NAME(forward)(net, &room, in, batch, layer);
            in = room.across[layer + 1];
            if (layer < net->layers - 1)
                NAME(activate)(net->activations[layer], room.across[layer + 1], room.known[layer + 1],
                               net->widths[layer + 1] * batch);
        }
        for (int64_t row = 0; row < rows; row++)
            for (int64_t output = 0; output < outputs; output++)
                out[(done + row) * outputs + output] = in[output * batch + row];
    }
}

static int NAME(finite)(const network *net) {
    for (int64_t layer = 0; layer < net->layers; layer++) {
        const REAL *matrix = (const REAL *)net->weights + NAME(matrix)(net, layer);
        const REAL *biases = (const REAL *)net->weights + NAME(biases)(net, layer);
        const int64_t columns = net->widths[layer], width = FILLED(columns);
        REAL wrong = 0; /* a number times 0 is 0, anything else is not */
        for (int64_t unit = 0; unit < net->widths[layer + 1]; unit++) {
            for (int64_t column = 0; column < columns; column++)
                wrong += matrix[unit * width + column] * (REAL)0;
            wrong += biases[unit] * (REAL)0;
        }
        if (wrong != 0)
            return 0;
    }
    return 1;
}

#undef EACH
#undef ROOT
#undef WIDTH
#undef REAL
#undef SINGLE

/* The batch kernel in plain C: the yardstick for what numba makes of the law.
 *
 * The same arithmetic in the same order as src/alliancesim/law.py, elementary.py, shocks.py and
 * lanes/, so that late means agree to the bit while a compiler keeps IEEE arithmetic. The number
 * of actors and of lanes is known to the compiler. benchmarks/yardstick.py compiles and checks it.
 * Arrays carry the lane as their last axis; names and order of fields are those of arrays.py.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifndef NACTORS
#define NACTORS 4
#endif
#ifndef LANES
#define LANES 64
#endif
#define N NACTORS
#define ALIGNED __attribute__((aligned(64)))
#define EACH_LANE for (int lane = 0; lane < LANES; lane++)

typedef double Row[LANES];
typedef Row Square[N][N];
typedef double Table[N][N];

enum { COOPERATION, PRESSURE, OPINION, THREAT, DEPENDENCE, GRIEVANCE, CONFIDENCE, SUSPICION,
       COHESION, STATES };

/* In the order of coefficients.Coefficients. */
typedef struct {
    double balancing, hazard, abandonment, brokerage, chilling, entrapment, inducement, mediation,
        compliance, opinion, grievance, reciprocity, resentment, retaliation, alarm, restraint,
        solidarity, build, erode, warm, sour, sore, fidelity, balance, forget, provoke, spillover,
        soothe, calm, unmask, legibility, derisk, rewire, update, fade, reconcile,
        opinion_volatility, threat_volatility, confidence_volatility, grievance_volatility;
} Coefficients;

/* Filled in by yardstick.py, field by field. */
typedef struct {
    int64_t strategies;
    const int64_t *actor;
    const double *escalate;
    const Table *baseline;
    const double (*pragmatism)[N], (*hazard)[N], (*brokerage)[N], (*visibility)[N];
    const Table *commitment, *mediation, *likeness;
    const Table (*raised)[2], (*lowered)[2];
    const double *courted, *pressed;
    const Table (*stirred)[4];
    const Coefficients *coefficients;
    const uint8_t (*alliance)[N];
} World;

typedef struct {
    Square states[2][STATES];
    Square appeals[2], appeals_at_rest[2];
    Row guarantee[N], fear[N];
    Row cohesion, cohesion_at_rest, sum;
    int now;
} Course;

#define UNROLLED _Pragma("GCC unroll 32")

/* Write the actors other than i and j, in order, so that loops over them have a known length. */
static inline void list_others(int i, int j, int *others) {
    for (int k = 0; k < N; k++)
        if (k != i && k != j) *others++ = k;
}

static inline double larger(double a, double b) { return b > a ? b : a; }
static inline double smaller(double a, double b) { return b < a ? b : a; }
static inline uint64_t bits_of(double x) { uint64_t b; memcpy(&b, &x, 8); return b; }
static inline double double_of(uint64_t b) { double x; memcpy(&x, &b, 8); return x; }

/* elementary.py */

#define ROUNDER 6755399441055744.0
#define LN2_HIGH 6.93147180369123816490e-01
#define LN2_LOW 1.90821492927058770002e-10

static inline double exponential(double x) {
    x = smaller(larger(x, -700.0), 700.0);
    double n = (x * 1.4426950408889634 + ROUNDER) - ROUNDER;
    double r = (x - n * LN2_HIGH) - n * LN2_LOW;
    double p = 1.0 / 6227020800.0;
    p = p * r + 1.0 / 479001600.0;
    p = p * r + 1.0 / 39916800.0;
    p = p * r + 1.0 / 3628800.0;
    p = p * r + 1.0 / 362880.0;
    p = p * r + 1.0 / 40320.0;
    p = p * r + 1.0 / 5040.0;
    p = p * r + 1.0 / 720.0;
    p = p * r + 1.0 / 120.0;
    p = p * r + 1.0 / 24.0;
    p = p * r + 1.0 / 6.0;
    p = p * r + 0.5;
    p = p * r + 1.0;
    p = p * r + 1.0;
    return p * double_of((bits_of(n + ROUNDER) + 1023) << 52);
}

static inline double whole_number(uint64_t bits) {
    return double_of(bits | 0x4330000000000000) - 4503599627370496.0;
}

static inline double logarithm(double x) {
    uint64_t bits = bits_of(x);
    double exponent = whole_number(bits >> 52) - 1023.0;
    double mantissa = double_of((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000);
    int large = mantissa > 1.4142135623730951;
    mantissa = large ? mantissa * 0.5 : mantissa;
    exponent = large ? exponent + 1.0 : exponent;
    double s = (mantissa - 1.0) / (mantissa + 1.0);
    double z = s * s;
    double p = 1.0 / 21.0;
    p = p * z + 1.0 / 19.0;
    p = p * z + 1.0 / 17.0;
    p = p * z + 1.0 / 15.0;
    p = p * z + 1.0 / 13.0;
    p = p * z + 1.0 / 11.0;
    p = p * z + 1.0 / 9.0;
    p = p * z + 1.0 / 7.0;
    p = p * z + 1.0 / 5.0;
    p = p * z + 1.0 / 3.0;
    p = p * z;
    double series = 2.0 * s + 2.0 * s * p;
    return exponent * LN2_HIGH + (exponent * LN2_LOW + series);
}

typedef struct { double x, y; } Pair;

static inline Pair unit_circle(double turn) {
    double quadrant = (turn * 4.0 + ROUNDER) - ROUNDER;
    double angle = (turn - quadrant * 0.25) * 6.283185307179586;
    double z = angle * angle;
    double s = 1.0 / 355687428096000.0;
    s = s * z - 1.0 / 1307674368000.0;
    s = s * z + 1.0 / 6227020800.0;
    s = s * z - 1.0 / 39916800.0;
    s = s * z + 1.0 / 362880.0;
    s = s * z - 1.0 / 5040.0;
    s = s * z + 1.0 / 120.0;
    s = s * z - 1.0 / 6.0;
    double sine = angle + angle * z * s;
    double c = 1.0 / 20922789888000.0;
    c = c * z - 1.0 / 87178291200.0;
    c = c * z + 1.0 / 479001600.0;
    c = c * z - 1.0 / 3628800.0;
    c = c * z + 1.0 / 40320.0;
    c = c * z - 1.0 / 720.0;
    c = c * z + 1.0 / 24.0;
    c = c * z - 0.5;
    double cosine = 1.0 + z * c;
    int one = quadrant == 1.0, two = quadrant == 2.0, three = quadrant == 3.0;
    double x = one | three ? sine : cosine;
    double y = one | three ? cosine : sine;
    x = one | two ? -x : x;
    y = two | three ? -y : y;
    return (Pair){x, y};
}

/* shocks.py */

#define LOW 0xFFFFFFFFu

static inline Pair normal_pair(uint64_t word_a, uint64_t word_b) {
    const double unit = 1.0 / 4294967296.0;
    double radius = sqrt(-2.0 * logarithm((whole_number(word_a) + 0.5) * unit));
    Pair point = unit_circle(whole_number(word_b) * unit);
    return (Pair){radius * point.x, radius * point.y};
}

static void draw(uint64_t seed, const uint64_t *restrict numbers, uint64_t month,
                 const uint64_t *keys, Row shocks[N][N][4]) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            if (j == i) continue;
            double *restrict opinion = shocks[i][j][0], *restrict threat = shocks[i][j][1];
            double *restrict confidence = shocks[i][j][2], *restrict grievance = shocks[i][j][3];
            uint64_t of = keys[i], toward = keys[j];
            EACH_LANE {
                uint64_t c0 = numbers[lane], c1 = month, c2 = of, c3 = toward;
                uint64_t k0 = seed & LOW, k1 = seed >> 32;
#pragma GCC unroll 10
                for (int round = 0; round < 10; round++) {
                    uint64_t product_0 = 0xD2511F53u * (c0 & LOW);
                    uint64_t product_1 = 0xCD9E8D57u * (c2 & LOW);
                    c0 = (product_1 >> 32) ^ c1 ^ k0;
                    c1 = product_1 & LOW;
                    c2 = (product_0 >> 32) ^ c3 ^ k1;
                    c3 = product_0 & LOW;
                    k0 = (k0 + 0x9E3779B9u) & LOW;
                    k1 = (k1 + 0xBB67AE85u) & LOW;
                }
                Pair first = normal_pair(c0, c1), second = normal_pair(c2, c3);
                opinion[lane] = first.x;
                threat[lane] = first.y;
                confidence[lane] = second.x;
                grievance[lane] = second.y;
            }
        }
}

/* law.py */

static inline double pushed(double x, double step) {
    double s = smaller(larger(step, -1.0), 1.0);
    return s > 0.0 ? x + s * (1.0 - x) : x + s * x;
}

static inline double pushed_opinion(double x, double step) {
    double s = smaller(larger(step, -1.0), 1.0);
    return s > 0.0 ? x + s * (1.0 - x) : x + s * (1.0 + x);
}

static inline double moved(double baseline, double change) {
    double held = smaller(larger(change, -30.0), 30.0);
    double odds = baseline * exponential(held);
    return odds / ((1.0 - baseline) + odds);
}

static inline double escalated(double level, double escalate, double cohesion, double baseline) {
    double room = 1.0 - baseline;
    double risen = room > 0.0 ? larger(0.0, cohesion - baseline) / room : 0.0;
    return smaller(larger(level * (1.0 + escalate * risen), -1.0), 1.0);
}

static inline double shaken(double value, double before, double noise) {
    return smaller(larger(value + 4.0 * noise * before * (1.0 - before), 0.0), 1.0);
}

/* lanes/decisions.py */

static void find_fears(Square *restrict s, const World *w, int month, Course *restrict room) {
    for (int i = 0; i < N; i++) {
        int others[N];
        list_others(i, i, others);
        double hazard = w->hazard[month][i];
        EACH_LANE {
            double best = 0.0, worst = 0.0;
            UNROLLED
            for (int m = 0; m < N - 1; m++) {
                int k = others[m];
                best = larger(best, s[CONFIDENCE][i][k][lane]);
                worst = larger(worst, s[THREAT][i][k][lane]);
            }
            room->guarantee[i][lane] = best;
            room->fear[i][lane] = (1.0 - best) * larger(hazard, worst);
        }
    }
}

static inline void find_appeals_of_dyad(Square *restrict s, const World *w, int month,
                                        Course *restrict room, Square *restrict out, int i, int j) {
    const Coefficients c = *w->coefficients;
    const double *brokerage = w->brokerage[month];
    double pragmatism = w->pragmatism[month][i], mediation = w->mediation[month][i][j];
    int others[N];
    list_others(i, j, others);
    double hazard_i = w->hazard[month][i], hazard_j = w->hazard[month][j];
    double hoped = hazard_i * mediation, shared_hazard = sqrt(hazard_i * hazard_j);
    double strategic = 2.0 * pragmatism, ideational = 2.0 * (1.0 - pragmatism);
    EACH_LANE {
        double shared = 0.0, brokered = 0.0, chilled = 0.0, entangled = 0.0, induced = 0.0;
        double pressed = 0.0;
        UNROLLED
        for (int m = 0; m < N - 2; m++) {
            int k = others[m];
            double threat = s[THREAT][i][k][lane], blow = s[PRESSURE][k][j][lane];
            shared = larger(shared, threat * s[THREAT][j][k][lane]);
            brokered += brokerage[k] * s[CONFIDENCE][i][k][lane] * s[CONFIDENCE][j][k][lane];
            chilled += s[DEPENDENCE][i][k][lane] * blow;
            double quarrel = larger(0.0, blow - s[PRESSURE][k][i][lane]);
            entangled += quarrel * (1.0 - threat);
            induced += s[COOPERATION][k][i][lane] * (1.0 - s[SUSPICION][i][k][lane]) * quarrel;
            pressed += s[COHESION][i][k][lane] * s[PRESSURE][j][k][lane];
        }
        double fear = room->fear[i][lane], fear_of_other = room->fear[j][lane];
        double quasi_alliance = smaller(fear, fear_of_other) - 0.5 * fabs(fear - fear_of_other);
        double dependence = s[DEPENDENCE][i][j][lane], blow = s[PRESSURE][j][i][lane];
        double opinion = s[OPINION][i][j][lane];
        double exposed = dependence * blow * (1.0 - room->guarantee[i][lane]);
        double received = s[COOPERATION][j][i][lane] * (1.0 - s[SUSPICION][i][j][lane]);
        double sum = strategic * c.balancing * sqrt(shared) + strategic * c.hazard * shared_hazard;
        sum = sum + strategic * c.abandonment * quasi_alliance;
        sum = sum + strategic * c.brokerage * brokered;
        sum = sum + -(strategic * c.chilling * chilled);
        sum = sum + -(strategic * c.entrapment * entangled);
        sum = sum + strategic * c.mediation * hoped;
        sum = sum + strategic * c.compliance * exposed;
        double held = -(ideational * c.inducement * induced) + ideational * c.opinion * opinion;
        held = held + -(ideational * c.grievance * s[GRIEVANCE][i][j][lane]);
        sum = sum + held + c.reciprocity * received;
        out[0][i][j][lane] = sum + -(c.resentment * blow);
        sum = c.retaliation * blow * (1.0 - dependence) + c.alarm * s[THREAT][i][j][lane];
        sum = sum + -(c.restraint * opinion);
        out[1][i][j][lane] = sum + c.solidarity * pressed;
    }
}

static void find_appeals(Square *restrict s, const World *w, int month, Course *restrict room,
                         Square *restrict out) {
    find_fears(s, w, month, room);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            if (j != i) find_appeals_of_dyad(s, w, month, room, out, i, j);
}

static inline void move(double baseline, const double *restrict appeal,
                        const double *restrict at_rest, double *restrict out) {
    EACH_LANE out[lane] = moved(baseline, appeal[lane] - at_rest[lane]);
}

static inline void push(double *restrict row, double step) {
    if (step != 0.0) EACH_LANE row[lane] = pushed(row[lane], step);
}

static void alliance_cohesion(Square *restrict s, const World *w, double *restrict out) {
    int dyads = 0;
    EACH_LANE out[lane] = 0.0;
    for (int i = 0; i < N; i++)
        for (int j = i + 1; j < N; j++)
            if (w->alliance[i][j]) {
                dyads++;
                EACH_LANE out[lane] += s[COHESION][i][j][lane];
            }
    if (dyads > 0) EACH_LANE out[lane] /= dyads;
}

static void decide(Square *restrict before, const World *w, int month, Course *restrict room,
                   Square *restrict after) {
    find_appeals(before, w, month, room, room->appeals);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            if (j == i) continue;
            double *restrict cooperation = after[COOPERATION][i][j];
            double *restrict pressure = after[PRESSURE][i][j];
            move(w->baseline[COOPERATION][i][j], room->appeals[0][i][j],
                 room->appeals_at_rest[0][i][j], cooperation);
            move(w->baseline[PRESSURE][i][j], room->appeals[1][i][j],
                 room->appeals_at_rest[1][i][j], pressure);
            for (int64_t t = 0; t < w->strategies; t++) {
                if (w->actor[t] != i) continue;
                int64_t place = (month * w->strategies + t) * N + j;
                double level = w->pressed[place], escalate = w->escalate[t];
                const double *restrict now = room->cohesion, *restrict rest = room->cohesion_at_rest;
                push(cooperation, w->courted[place]);
                if (level != 0.0)
                    EACH_LANE pressure[lane] = pushed(
                        pressure[lane], escalated(level, escalate, now[lane], rest[lane]));
            }
            push(cooperation, w->raised[month][0][i][j]);
            push(cooperation, -w->lowered[month][0][i][j]);
            push(pressure, w->raised[month][1][i][j]);
            push(pressure, -w->lowered[month][1][i][j]);
        }
}

/* lanes/adjustments.py: `a` holds this month's actions, `s` last month's states. */

static inline void adjust_dyad(Square *restrict a, Square *restrict s, const World *w, int month,
                               Row shocks[N][N][4], Square *restrict after, int i, int j) {
    const Coefficients c = *w->coefficients;
    const Table *b = w->baseline;
    const double *likeness = w->likeness[month][i];
    double pragmatism = w->pragmatism[month][i], visibility = w->visibility[month][j];
    double commitment = w->commitment[month][j][i];
    double sore = c.sore * 2.0 * (1.0 - pragmatism), alert = visibility * c.legibility;
    double doubtless = b[SUSPICION][i][j];
    int others[N];
    list_others(i, j, others);
    double (*restrict shock)[LANES] = shocks[i][j];
    EACH_LANE {
        double change = a[COOPERATION][j][i][lane] - b[COOPERATION][j][i];
        double pressure_change = a[PRESSURE][j][i][lane] - b[PRESSURE][j][i];
        double tempted = 0.0, imbalance = 0.0, on_like = 0.0, evidence = 0.0;
        UNROLLED
        for (int m = 0; m < N - 2; m++) {
            int k = others[m];
            double courtship = a[COOPERATION][k][j][lane] - b[COOPERATION][k][j];
            tempted = larger(tempted, larger(0.0, courtship) * a[PRESSURE][k][i][lane]);
            imbalance += s[OPINION][i][k][lane] * s[OPINION][k][j][lane]
                - b[OPINION][i][k] * b[OPINION][k][j];
            double blow = a[PRESSURE][j][k][lane] - b[PRESSURE][j][k];
            on_like += likeness[k] * blow;
            evidence = larger(evidence, larger(0.0, change) * larger(0.0, blow) * likeness[k]);
        }
        double suspicion = s[SUSPICION][i][j][lane], believed = change * (1.0 - suspicion);
        double opinion = s[OPINION][i][j][lane], grievance = s[GRIEVANCE][i][j][lane];
        double threat = s[THREAT][i][j][lane];
        double step = c.warm * believed + -(c.sour * pressure_change);
        step = step + -(sore * (grievance - b[GRIEVANCE][i][j]));
        step = step + c.fidelity * (tempted * change);
        step = step + c.balance * (N > 2 ? imbalance / (N - 2) : 0.0);
        step = step + -(c.forget * (opinion - b[OPINION][i][j]));
        double noise = c.opinion_volatility * shock[0][lane] * (1.0 - opinion * opinion);
        after[OPINION][i][j][lane] =
            smaller(larger(pushed_opinion(opinion, step) + noise, -1.0), 1.0);
        step = c.provoke * pressure_change + c.spillover * on_like;
        step = step + -(c.soothe * believed) + -(c.calm * (threat - b[THREAT][i][j]));
        after[THREAT][i][j][lane] =
            shaken(pushed(threat, step), threat, c.threat_volatility * shock[1][lane]);
        double dependence = s[DEPENDENCE][i][j][lane];
        step = -(c.derisk * larger(0.0, pressure_change + on_like))
            - c.rewire * (dependence - b[DEPENDENCE][i][j]);
        after[DEPENDENCE][i][j][lane] = pushed(dependence, step);
        double faded = grievance + c.fade * (b[GRIEVANCE][i][j] - grievance);
        double warmth = s[COHESION][i][j][lane] - b[COHESION][i][j];
        after[GRIEVANCE][i][j][lane] = shaken(pushed(faded, -(c.reconcile * warmth)), grievance,
                                              c.grievance_volatility * shock[3][lane]);
        double confidence = s[CONFIDENCE][i][j][lane];
        after[CONFIDENCE][i][j][lane] =
            shaken(confidence + c.update * (commitment - confidence), confidence,
                   c.confidence_volatility * shock[2][lane]);
        double target = pushed(doubtless, smaller(1.0, alert * evidence));
        after[SUSPICION][i][j][lane] = suspicion + c.unmask * (target - suspicion);
    }
}

static inline void adjust_cohesion(Square *restrict a, Square *restrict s, const World *w,
                                   Square *restrict after, int i, int j) {
    double build = w->coefficients->build, erode = w->coefficients->erode;
    double at_rest = sqrt(w->baseline[COOPERATION][i][j] * w->baseline[COOPERATION][j][i]);
    double baseline = w->baseline[COHESION][i][j];
    EACH_LANE {
        double conduct = sqrt(a[COOPERATION][i][j][lane] * a[COOPERATION][j][i][lane]);
        double change = conduct - at_rest;
        double room = change > 0.0 ? 1.0 - at_rest : at_rest;
        double share = room > 0.0 ? change / room : 0.0;
        double cohesion = s[COHESION][i][j][lane];
        double followed = pushed(baseline, share) - cohesion;
        double kept = share * (share > 0.0 ? 1.0 - cohesion : cohesion);
        double step = larger(followed, kept);
        double next = cohesion + (step > 0.0 ? build : erode) * step;
        after[COHESION][i][j][lane] = next;
        after[COHESION][j][i][lane] = next;
    }
}

static void adjust(Square *restrict before, const World *w, int month, Row shocks[N][N][4],
                   Square *restrict after) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            if (j == i) continue;
            adjust_dyad(after, before, w, month, shocks, after, i, j);
            if (i < j) adjust_cohesion(after, before, w, after, i, j);
            push(after[THREAT][i][j], w->stirred[month][0][i][j]);
            push(after[DEPENDENCE][i][j], w->stirred[month][1][i][j]);
            push(after[GRIEVANCE][i][j], w->stirred[month][2][i][j]);
            push(after[CONFIDENCE][i][j], w->stirred[month][3][i][j]);
        }
}

/* lanes/blocks.py */

static void set_out(Course *course, const World *w) {
    Square *state = course->states[0];
    for (int v = 0; v < STATES; v++)
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++) EACH_LANE state[v][i][j][lane] = w->baseline[v][i][j];
    find_appeals(state, w, 0, course, course->appeals_at_rest);
    alliance_cohesion(state, w, course->cohesion);
    memcpy(course->cohesion_at_rest, course->cohesion, sizeof(Row));
    memset(course->sum, 0, sizeof(Row));
    course->now = 0;
}

static void advance(Course *course, const World *w, int month, Row shocks[N][N][4]) {
    Square *before = course->states[course->now], *after = course->states[!course->now];
    decide(before, w, month, course, after);
    adjust(before, w, month, shocks, after);
    alliance_cohesion(after, w, course->cohesion);
    course->now = !course->now;
}

/* One part of a month after rest, many times over: 0 draws, 1 decides, 2 adjusts. */
void repeat_part(int part, int64_t times, int64_t month, const World *w, const uint64_t *keys,
                 uint64_t seed) {
    Course *course = aligned_alloc(64, sizeof(Course));
    Row(*shocks)[N][4] = aligned_alloc(64, sizeof(Row[N][N][4]));
    uint64_t numbers[LANES] ALIGNED;
    EACH_LANE numbers[lane] = lane;
    memset(course, 0, sizeof(Course));
    set_out(course, w);
    draw(seed, numbers, 1, keys, shocks);
    decide(course->states[0], w, month, course, course->states[1]);
    for (int64_t t = 0; t < times; t++) {
        if (part == 0) draw(seed, numbers, 1 + t, keys, shocks);
        if (part == 1) decide(course->states[0], w, month, course, course->states[1]);
        if (part == 2) adjust(course->states[0], w, month, shocks, course->states[1]);
    }
    free(course);
    free(shocks);
}

/* Late means of runs first to first + runs - 1, a multiple of LANES; out has shape (2, runs). */
void late_means(const World *world, const World *twin, const uint64_t *keys, uint64_t seed,
                int64_t months, int64_t window, uint64_t first, int64_t runs, double *out) {
    const World *given[2] = {world, twin};
    Course *sides = aligned_alloc(64, 2 * sizeof(Course));
    Row(*shocks)[N][4] = aligned_alloc(64, sizeof(Row[N][N][4]));
    memset(sides, 0, 2 * sizeof(Course));
    for (int64_t block = 0; block < runs; block += LANES) {
        uint64_t numbers[LANES] ALIGNED;
        EACH_LANE numbers[lane] = first + block + lane;
        for (int side = 0; side < 2; side++) set_out(&sides[side], given[side]);
        for (int64_t month = 1; month <= months; month++) {
            draw(seed, numbers, month, keys, shocks);
            for (int side = 0; side < 2; side++) {
                advance(&sides[side], given[side], month, shocks);
                if (month > months - window)
                    EACH_LANE sides[side].sum[lane] += sides[side].cohesion[lane];
            }
        }
        for (int side = 0; side < 2; side++)
            EACH_LANE out[side * runs + block + lane] = sides[side].sum[lane] / window;
    }
    free(sides);
    free(shocks);
}

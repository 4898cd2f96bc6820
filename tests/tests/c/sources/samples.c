/* Data that both sides look at where it lies. */

#include "fixture_samples.h"

typedef fixture_samples_sample sample;

static sample own[3];

static sample sample_of(uint64_t number) {
    sample made;
    made.time = number;
    made.value = (float)number;
    made.at._0.items[0] = made.value;
    made.at._0.items[1] = -made.value;
    made.at._0.items[2] = 0.5F;
    return made;
}

static void *works_open(const fixture_samples_plugin_context *context, fixture_samples_string *why) {
    uint64_t at;
    (void)context, (void)why;
    for (at = 0; at < 3; at++) own[at] = sample_of(at);
    return own;
}

static void works_close(void *object) {
    (void)object;
}

static fixture_samples_status works_address(void *self, fixture_samples_slice_sample samples,
                                            fixture_samples_address_out *out) {
    (void)self;
    return fixture_samples_address_return(out, (size_t)(uintptr_t)samples.ptr);
}

static fixture_samples_status works_scale(void *self, fixture_samples_slice_mut_sample samples, float by,
                                          fixture_samples_scale_out *out) {
    size_t at;
    (void)self;
    for (at = 0; at < samples.len; at++) samples.ptr[at].value *= by;
    return fixture_samples_scale_return(out);
}

static fixture_samples_status works_make(void *self, uint64_t count, fixture_samples_make_out *out) {
    sample *made = (sample *)fixture_samples_allocate(count, sizeof *made);
    fixture_samples_vec_sample vector;
    uint64_t at;
    (void)self;
    for (at = 0; at < count; at++) made[at] = sample_of(at);
    vector = fixture_samples_make_vec_sample(made, count);
    free(made);
    return fixture_samples_make_return(out, vector);
}

static fixture_samples_status works_largest(void *self, fixture_samples_vec_sample samples,
                                            fixture_samples_largest_out *out) {
    fixture_samples_option_sample largest = fixture_samples_make_option_sample_none();
    size_t at;
    (void)self;
    for (at = 0; at < samples.len; at++)
        if (largest.tag == FIXTURE_SAMPLES_NONE || samples.ptr[at].value >= largest.value.value)
            largest = fixture_samples_make_option_sample_some(samples.ptr[at]);
    fixture_samples_drop_vec_sample(&samples);
    return fixture_samples_largest_return(out, largest);
}

static fixture_samples_status works_fill(void *self, fixture_samples_slice_mut_u8 bytes, uint8_t with,
                                         fixture_samples_fill_out *out) {
    (void)self;
    if (bytes.len > 0) memset(bytes.ptr, with, bytes.len);
    return fixture_samples_fill_return(out);
}

static fixture_samples_status works_shift(void *self, sample value, fixture_samples_point by,
                                          fixture_samples_shift_out *out) {
    size_t at;
    (void)self;
    for (at = 0; at < 3; at++) value.at._0.items[at] += by._0.items[at];
    return fixture_samples_shift_return(out, value);
}

static fixture_samples_status works_own(void *self, fixture_samples_own_out *out) {
    return fixture_samples_own_return(out, fixture_samples_make_slice_sample((const sample *)self, 3));
}

FIXTURE_SAMPLES_PLUGIN(plain, "1.0.0", works_open, works_close, works);
